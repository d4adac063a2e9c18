#!/usr/bin/env bash
# Runs every fuzz target for FUZZTIME (10s; a number with s or m). Arguments name packages; without any, all are
# searched. Fails when a target fails or does not end; what made it fail is then below testdata/fuzz of its package.
#
# Each package is built once and its targets run one after the other, since the fuzzer takes one at a time. The build
# instruments everything a package imports, which takes minutes the first time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail() { echo "fuzz: $*" >&2; exit 1; }

fuzztime=${FUZZTIME:-10s}
[[ $fuzztime =~ ^([0-9]+)([sm])$ ]] || fail "FUZZTIME is \"$fuzztime\"; it must be a number with s or m"
# The fuzzer itself has no limit: a target that hangs is ended after a minute more, in which others shrink what they found.
if [[ ${BASH_REMATCH[2]} == m ]]; then limit=$((BASH_REMATCH[1] * 60 + 60)); else limit=$((BASH_REMATCH[1] + 60)); fi
if [ $# -eq 0 ]; then set -- ./...; fi

dir=$(mktemp -d "${TMPDIR:-/tmp}/orgate-fuzz.XXXXXX")
trap 'rm -rf "$dir"' EXIT
corpus=$(go env GOCACHE)/fuzz

# A package and its folder a line, of those with targets.
packages() {
  local package folder files
  go list -f '{{.ImportPath}} {{.Dir}} {{range .TestGoFiles}}{{.}} {{end}}{{range .XTestGoFiles}}{{.}} {{end}}' "$@" |
    while read -r package folder files; do
      # shellcheck disable=SC2086 # names of Go files have no blanks
      if [ -n "$files" ] && (cd "$folder" && grep -q '^func Fuzz' $files); then printf '%s %s\n' "$package" "$folder"; fi
    done
}

packages "$@" >"$dir/packages"
targets=0
executions=0
failed=()
while read -r package folder <&3; do
  go test -c -fuzz=Fuzz -o "$dir/fuzz.test" "$package"
  names=$(cd "$folder" && "$dir/fuzz.test" -test.list '^Fuzz')
  for name in $names; do
    targets=$((targets + 1))
    status=0
    (cd "$folder" && timeout --kill-after=10 "$limit" "$dir/fuzz.test" -test.run '^$' -test.fuzz "^$name\$" \
      -test.fuzztime "$fuzztime" -test.fuzzcachedir "$corpus/$package") >"$dir/log" 2>&1 </dev/null || status=$?
    count=$(grep -o 'execs: [0-9]*' "$dir/log" | tail -n 1 | tr -dc 0-9 || true)
    executions=$((executions + ${count:-0}))
    printf '%-60s %10s executions%s\n' "${package#*/*/*/} $name" "${count:-0}" "$([ "$status" -eq 0 ] || echo ', FAILED')"
    if [ "$status" -ne 0 ]; then
      failed+=("$package $name (status $status)")
      cat "$dir/log" >&2
    fi
  done
done 3<"$dir/packages"

echo "$targets fuzz targets, $executions executions, ${#failed[@]} failed"
[ "$targets" -gt 0 ] || fail 'no targets were found'
if [ ${#failed[@]} -gt 0 ]; then
  printf 'failed: %s\n' "${failed[@]}" >&2
  exit 1
fi
