#!/usr/bin/env bash
# Formatting and linters, go vet among them; prints only what is wrong. The linters are pinned in tools/go.mod.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tool() { go tool -modfile=tools/go.mod "$@"; }

mapfile -t files < <(scripts/go-files.sh)
status=0
if [ ${#files[@]} -gt 0 ]; then
  unformatted=$(gofmt -l "${files[@]}")
  unformatted+=$'\n'$(tool gofumpt -l "${files[@]}")
  unformatted=$(sort -u <<<"$unformatted" | sed '/^$/d')
  if [ -n "$unformatted" ]; then
    printf 'not formatted (make format mends it):\n%s\n' "$unformatted" >&2
    status=1
  fi
fi
tool golangci-lint run ./... || status=1
exit $status
