#!/usr/bin/env bash
# Builds the console into console/dist, and only when its sources changed since the last build.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../console"

for tool in node npm; do
  command -v "$tool" >/dev/null || { echo "build-console: $tool is missing; install Node.js 20 or later with npm" >&2; exit 1; }
done

if [ ! -d node_modules ] || [ package-lock.json -nt node_modules ]; then
  npm ci --no-audit --no-fund
  touch node_modules
fi
if [ ! -f dist/index.html ] ||
  [ ../docs/openapi.json -nt dist/index.html ] ||
  [ -n "$(find . \( -path ./node_modules -o -path ./dist -o -path ./src/api/schema.d.ts \) -prune -o -type f -newer dist/index.html -print -quit)" ]; then
  npm run build
fi
