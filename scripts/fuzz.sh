#!/usr/bin/env bash
# Runs every fuzz target for FUZZTIME (10s). Arguments name packages; without any, all are searched.
# `go test -fuzz` takes one target of one package at a time, hence the loop.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fuzztime=${FUZZTIME:-10s}
if [ $# -eq 0 ]; then set -- ./...; fi

packages=$(go list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}' "$@")
targets=0
failed=()
for package in $packages; do
  names=$(go test -list '^Fuzz' "$package")
  while IFS= read -r name; do
    case $name in Fuzz*) ;; *) continue ;; esac
    targets=$((targets + 1))
    printf '== %s %s (%s)\n' "$package" "$name" "$fuzztime"
    if ! go test -run '^$' -fuzz "^${name}\$" -fuzztime "$fuzztime" "$package"; then
      failed+=("$package $name")
    fi
  done <<<"$names"
done

echo "$targets fuzz targets, ${#failed[@]} failed"
if [ ${#failed[@]} -gt 0 ]; then
  printf 'failed: %s\n' "${failed[@]}" >&2
  exit 1
fi
