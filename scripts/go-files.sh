#!/usr/bin/env bash
# Prints every Go file of the work tree that is kept in git or could be, one a line.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
git ls-files --cached --others --exclude-standard -- '*.go' | while IFS= read -r file; do
  # A file removed but not yet committed is still listed.
  if [ -f "$file" ]; then printf '%s\n' "$file"; fi
done
