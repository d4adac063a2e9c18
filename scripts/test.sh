#!/usr/bin/env bash
# Every test and check, in one run: `make test` calls it with the tools installed and a PostgreSQL at
# ORGATE_TEST_POSTGRES. A failure does not stop the rest. The last line is "N passed, N failed, N skipped", in which
# a check that is not a Go test counts as one; a skipped test fails the run like a failed one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

: "${ORGATE_TEST_POSTGRES:?is not set: run make test, or scripts/with-postgres.sh scripts/test.sh}"
# A test that needs something of the machine fails under this instead of skipping.
export ORGATE_TEST_REQUIRE_ALL=1
# The race detector needs cgo, whatever the environment says; the product itself is built without.
export CGO_ENABLED=1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
totals=$work/totals
: >"$totals"

go -C tools build -o ../bin/testreport ./testreport

# check NAME COMMAND…: one check; its output is shown only when it fails.
check() {
  local name=$1 started=$SECONDS
  shift
  if "$@" >"$work/log" 2>&1; then
    printf 'ok    %s (%ds)\n' "$name" $((SECONDS - started))
    echo '1 0 0' >>"$totals"
  else
    printf 'FAIL  %s (%ds)\n' "$name" $((SECONDS - started))
    sed 's/^/      /' "$work/log"
    echo '0 1 0' >>"$totals"
  fi
}

# begin NAME COMMAND…: a check that runs beside the others, until told NAME waits for it and shows it like check.
declare -A began
begin() {
  local name=$1
  shift
  "$@" >"$work/$name.log" 2>&1 &
  began[$name]=$!
}
told() {
  check "$1" finished "$1"
}
finished() {
  local status=0
  wait "${began[$1]}" || status=$?
  cat "$work/$1.log"
  return "$status"
}

# go_tests ARGUMENT…: go with these arguments (… test -json …), told test by test.
go_tests() {
  local status=(0 0)
  go "$@" | bin/testreport -totals "$totals" || status=("${PIPESTATUS[@]}")
  # 1 of testreport is in the totals. What it cannot see is noted here: go did not even start a test, or testreport
  # itself broke.
  if [ "${status[1]}" -gt 1 ] || { [ "${status[0]}" -ne 0 ] && [ "${status[1]}" -eq 0 ]; }; then
    printf 'FAIL  go %s\n' "$*"
    echo '0 1 0' >>"$totals"
  fi
}

# browser_tests: the journeys in Debian's Chromium. Its reporter adds a line to the totals; without one it did not even
# start.
browser_tests() {
  local before
  before=$(wc -l <"$totals")
  ORGATE_TEST_TOTALS=$totals ORGATE_TEST_OUTPUT=$work/browser npm --prefix e2e/browser --silent test || true
  if [ "$(wc -l <"$totals")" -eq "$before" ]; then
    echo 'FAIL  npm --prefix e2e/browser test'
    echo '0 1 0' >>"$totals"
  fi
}

# A digest of every file that is, or could be, in git: files written by the generators are compared by it.
digest() {
  git ls-files --cached --others --exclude-standard -z | sort -zu |
    while IFS= read -r -d '' file; do if [ -f "$file" ]; then sha256sum "$file"; fi; done
}

generated_is_current() {
  digest >"$work/before"
  scripts/generate.sh || return 1
  digest >"$work/after"
  if ! diff "$work/before" "$work/after"; then
    echo 'make generate changes these files: run it and commit the result'
    return 1
  fi
}

# The linters leave most of a core idle for minutes, which the Go tests can use.
begin lint scripts/lint.sh
check 'go.mod and go.sum are tidy' go mod tidy -diff
check 'modules are what go.sum says' go mod verify
check 'make build' make --no-print-directory build
check 'console: formatting and rules' npm --prefix console --silent run lint
check 'console: tests' npm --prefix console --silent test
check 'console: sizes of the first pages' npm --prefix console --silent run sizes
# Whole-product tests run what was just built, as it ships.
export ORGATE_TEST_BINARY=$PWD/bin/orgate
# vet has run with the linters. The race detector leaves out SQLite, a C library translated to Go: it would spend four
# fifths of the run watching code that is not ours. What we call it with, and do with its answers, is watched.
go_tests test -race -gcflags='modernc.org/...=-race=false' -vet=off -json -timeout 20m ./...
go_tests -C tools test -json ./...
told lint
if [ -d e2e ]; then
  while IFS= read -r module; do
    folder=$(dirname "$module")
    check "go.mod and go.sum of $folder are tidy" go -C "$folder" mod tidy -diff
    go_tests -C "$folder" test -json -timeout 20m ./...
  done < <(find e2e -name node_modules -prune -o -name testdata -prune -o -name go.mod -print | sort)
fi
browser_tests
if [ -x sdk/run-vectors.sh ]; then check 'signature helpers agree on the vectors' sdk/run-vectors.sh; fi
check 'generated files are current' generated_is_current

read -r passed failed skipped < <(awk '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }' "$totals")
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$skipped" -eq 0 ]
