# Everything a developer or operator types. `make` alone lists it.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.PHONY: help setup engines lock demo up down status logs test test-unit chaos bench bench-sandbox bench-repair ablate-repair learn-priors soak lint format schemas migration clean

help: ## List these targets
	@awk 'BEGIN {FS = ":.*## "} /^##@ / {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  \033[36m%-12s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Set up

setup: $(INSTALLED) ## Create .venv with everything pinned, from nothing

$(INSTALLED): requirements/bootstrap.txt requirements/dev.txt requirements/data.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "make: $(PYTHON) not found. Install Python 3.11 or newer, or run: make setup PYTHON=/path/to/python3"; exit 1; }
	@echo "setup: creating $(VENV) (about a minute the first time)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet --compile-bytecode --require-hashes -r requirements/dev.txt
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet --compile-bytecode --no-deps --require-hashes -r requirements/data.txt
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

engines: $(INSTALLED) ## gVisor, and a Docker daemon for tests, from Debian's packages, as root
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends runsc docker.io >/dev/null; \
	else echo "make: needs root and apt-get; without them install runsc and Docker as your system has them"; fi
	@$(BIN)/autodev sandbox check

lock: ## Resolve dependencies anew into the hashed lock files
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --no-annotate --output-file requirements/bootstrap.txt requirements/bootstrap.in
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --extra dev --no-emit-package autodev-streams --output-file requirements/dev.txt pyproject.toml
	$(BIN)/uv pip compile --quiet --no-deps --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --no-annotate --output-file requirements/data.txt requirements/data.in

##@ See it

demo: $(INSTALLED) ## Real flights, failing tools, and their fixes while the agent runs
	@$(BIN)/python -m examples.flights.demo $(ARGS)

##@ Local stack

up: $(INSTALLED) ## Start everything on this machine (ARGS='--kafka HOST:PORT --postgres URL' to use your own)
	@$(BIN)/python -m deploy.local up $(ARGS)

down: $(INSTALLED) ## Stop everything; no process is left
	@$(BIN)/python -m deploy.local down $(ARGS)

status: $(INSTALLED) ## What runs, where, and whether it is ready
	@$(BIN)/python -m deploy.local status $(ARGS)

logs: $(INSTALLED) ## The logs of every part (ARGS='proposals -f' to follow one)
	@$(BIN)/python -m deploy.local logs $(ARGS)

##@ Check it

test: lint ## Everything: lint, types, unit tests, then real Kafka, PostgreSQL and isolation
	@$(BIN)/pytest -q $(ARGS)

test-unit: $(INSTALLED) ## Unit tests alone: no server, under a minute
	@$(BIN)/pytest -q tests/unit $(ARGS)

chaos: $(INSTALLED) ## Every fault against every service, compared with an undisturbed run (ARGS='--seed 7 --short')
	@$(BIN)/python -m tests.chaos $(ARGS)

bench: $(INSTALLED) ## Throughput, latency and memory, as JSON and a table (ARGS='ingest loop' for some of them)
	@$(BIN)/python -m benchmarks $(ARGS)

bench-sandbox: $(INSTALLED) ## What isolation costs on each engine, as a table (ARGS=--short)
	@$(BIN)/python -m benchmarks sandbox $(ARGS)

bench-repair: DATA ?= benchmarks/repair/programs.jsonl
bench-repair: $(INSTALLED) ## Repair many programs: how many are right, by error class (DATA=programs.jsonl OUT=results.jsonl ARGS='--budget-seconds 5')
	@out="$(OUT)"; out="$${out:-var/bench-repair/$(notdir $(basename $(DATA)))-$$(date -u +%Y%m%dT%H%M%SZ).jsonl}"; \
	mkdir -p "$$(dirname "$$out")"; echo "bench-repair: to go on if it is stopped: make bench-repair DATA=$(DATA) OUT=$$out"; \
	$(BIN)/autodev repair --batch "$(DATA)" --out "$$out" $(ARGS)

ablate-repair: DATA ?= benchmarks/repair/programs.jsonl
ablate-repair: $(INSTALLED) ## What ranking and the gate are worth (DATA=programs.jsonl ARGS='--budget-seconds 5 --every 3')
	@$(BIN)/python -m benchmarks.repair.ablation "$(DATA)" $(ARGS)

learn-priors: $(INSTALLED) ## Learn which edits are right from many programs (DATA=programs.jsonl ARGS='--explored F --learnt F')
	@test -n "$(DATA)" || { echo "make: no programs. Run: make learn-priors DATA=programs.jsonl ARGS='--explored explored.jsonl'"; exit 1; }
	@$(BIN)/python -m benchmarks.priors "$(DATA)" $(ARGS)

soak: $(INSTALLED) ## Ten thousand isolations, then a count of what is left (ARGS='--runs 500 --engine gvisor')
	@$(BIN)/python -m tests.soak $(ARGS)

lint: $(INSTALLED) ## ruff, mypy --strict, import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

##@ Change it

format: $(INSTALLED) ## Format and fix what ruff can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

schemas: $(INSTALLED) ## Write schemas/ anew from the catalogue in code
	@$(BIN)/python -m autodev.events.schemas write

migration: $(INSTALLED) ## Write a service's next migration (SERVICE=proposals MESSAGE='what changes')
	@$(BIN)/python -m deploy.local.migration $(SERVICE) "$(MESSAGE)"
	@$(BIN)/ruff format services/$(SERVICE)/migrations

clean: ## Remove caches and the virtual environment; state in var/ stays
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
