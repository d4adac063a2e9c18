# Orgate. `make run` tries the product, `make test` proves it; `make help` lists the rest.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
COMMIT  ?= $(shell git rev-parse HEAD 2>/dev/null || echo unknown)
LDFLAGS := -s -w -X main.version=$(VERSION) -X main.commit=$(COMMIT)
TOOL    := go tool -modfile=tools/go.mod

.PHONY: help run test build console bench fuzz lint format generate clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

run: build ## build, then start the demonstration
	exec bin/orgate demo

build: console ## one static binary at bin/orgate
	CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o bin/orgate ./cmd/orgate

# The binary embeds console/dist; without a console there is nothing to build.
console:
	@if [ -f console/package.json ]; then scripts/build-console.sh; fi

test: ## install what is missing, then run every test and check
	scripts/setup-test.sh
	ORGATE_TEST_PG_FSYNC=off scripts/with-postgres.sh scripts/test.sh

lint: ## formatting, vet and linters
	scripts/lint.sh

bench: ## print the tables of docs/performance.md
	@if [ -d bench ]; then go run ./bench; else echo 'make bench: there are no benchmarks (folder bench) yet' >&2; exit 1; fi

fuzz: ## every fuzz target for FUZZTIME (10s) each
	scripts/fuzz.sh

format: ## rewrite Go files as the checks want them
	$(TOOL) gofumpt -w $$(scripts/go-files.sh)

generate: ## refresh generated files
	scripts/generate.sh

clean: ## remove what was built
	rm -rf bin
