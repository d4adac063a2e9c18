#!/usr/bin/env bash
# Refreshes every generated file. `make test` runs it and fails when that changes anything.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
go generate ./...
if [ -f console/package.json ] && [ -d console/node_modules ]; then
  npm --prefix console run --if-present generate
fi
