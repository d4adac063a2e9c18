#!/usr/bin/env bash
# Holds the signature helpers of all languages to the shared vectors: one line
# for each language, and failure if one disagrees or its tools are missing.
# What the compilers make goes to a temporary folder.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
failed=0

# check LANGUAGE TOOLS COMMAND...: the command's last line of output is printed
# when it succeeds, everything when it fails.
check() {
  local language=$1 tool
  for tool in $2; do
    if ! command -v "$tool" >/dev/null; then
      echo "$language: $tool is not installed"
      failed=1
      return
    fi
  done
  if "${@:3}" >"$out/log" 2>&1; then
    grep '^'"$language"': ' "$out/log" || { echo "$language: no vectors were run"; failed=1; }
  else
    echo "$language: FAILED"
    cat "$out/log"
    failed=1
  fi
}

check_go() {
  (cd go && go test -count=1 -v .) >"$out/go.log" 2>&1 || { cat "$out/go.log"; return 1; }
  sed -n 's/^ *vectors_test.go:[0-9]*: \([0-9]* vectors\)$/go: \1 agree/p' "$out/go.log"
}

check_java() {
  mkdir "$out/java" &&
    javac --release 11 -Xlint:all,-options -Werror -encoding UTF-8 -d "$out/java" \
      java/src/io/github/orgate/signature/*.java java/test/CheckVectors.java &&
    java -Dfile.encoding=UTF-8 -cp "$out/java" CheckVectors vectors.tsv
}

check_cpp() {
  "${CXX:-g++}" -std=c++17 -O1 -Wall -Wextra -Wpedantic -Werror -Icpp -o "$out/check_vectors" cpp/check_vectors.cpp &&
    "$out/check_vectors" vectors.tsv
}

check go go check_go
check java 'javac java' check_java
check python python3 env PYTHONDONTWRITEBYTECODE=1 python3 python/check_vectors.py
check javascript node node javascript/check-vectors.mjs
check c++ "${CXX:-g++}" check_cpp
exit "$failed"
