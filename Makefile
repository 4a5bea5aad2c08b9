# `make help` lists the targets. A setup that is up to date does nothing and needs no network.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# The first interpreter that is new enough and can make environments. `make PYTHON=…` chooses another.
CAN_MAKE_VENV := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c "$(CAN_MAKE_VENV)" 2>/dev/null && echo "$$p" && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
SETUP := $(VENV)/.installed
DEV_SETUP := $(VENV)/.installed-dev
INSTALL = "$(BIN)/python" -m pip install --quiet --disable-pip-version-check
LOCK = "$(BIN)/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" pyproject.toml

# Options for the program that a target starts, e.g. `make run ARGS="--after keep"`.
ARGS ?=
KILLS ?= 500
MINUTES ?= 10

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

.PHONY: run
run: setup ## Run the pipeline on ./inbox; the very first time, drop examples/ into it
	@if [ ! -e data ] && [ -z "$${COPYDESK_DATA-}$${COPYDESK_INBOX-}" ]; then \
		mkdir -p inbox; \
		(for file in examples/*; do sleep 1; cp "$$file" inbox/; done) & \
	fi; \
	exec "$(BIN)/copydesk" run $(ARGS)

.PHONY: setup
setup: $(SETUP) ## Make .venv with the copydesk command in it

.PHONY: dev
dev: $(DEV_SETUP) ## Add to .venv what tests and checks need

.PHONY: test
test: dev ## Run the tests
	"$(BIN)/python" -m pytest $(ARGS)

.PHONY: check
check: dev ## Check format, lint and types
	"$(BIN)/ruff" format --check .
	"$(BIN)/ruff" check .
	"$(BIN)/mypy"

.PHONY: format
format: dev ## Put the code into its format
	"$(BIN)/ruff" format .
	"$(BIN)/ruff" check --fix-only .

.PHONY: build
build: setup ## Build the wheel into dist/
	"$(BIN)/python" -m hatchling build -t wheel

.PHONY: bench
bench: setup ## Measure: table and JSON (FILES=2000 PARTS=chain,latency for less)
	"$(BIN)/python" -m benchmarks.bench \
		$(if $(FILES),--files $(FILES)) $(if $(PARTS),--parts $(PARTS)) $(ARGS)

.PHONY: torture
torture: dev ## Kill the pipeline 500 times under load and check every promise (KILLS=n)
	"$(BIN)/python" -m pytest tests/crash/test_kills.py --kills $(KILLS) --timeout 0 $(ARGS)

.PHONY: torture-kafka
torture-kafka: dev ## The same over Kafka and PostgreSQL: kill, end and freeze for ten minutes (MINUTES=n)
	"$(BIN)/python" -m pytest tests/crash/test_harms.py --minutes $(MINUTES) --timeout 0 $(ARGS)

.PHONY: lock
lock: setup ## Pin the dependencies anew, with hashes
	$(INSTALL) uv
	$(LOCK) --upgrade --group build --output-file requirements.lock
	$(LOCK) --upgrade --group dev --constraint requirements.lock --output-file requirements-dev.lock

.PHONY: clean
clean: ## Remove what was built; inbox/ and data/ stay
	rm -rf .venv* dist .hypothesis .mypy_cache .pytest_cache .ruff_cache

$(BIN)/python:
	@if ! "$(PYTHON)" -c "$(CAN_MAKE_VENV)" 2>/dev/null; then \
		echo "copydesk needs Python 3.11 or later with its venv module. On Debian and Ubuntu:" >&2; \
		echo "    apt-get install python3 python3-venv" >&2; \
		exit 1; \
	fi
	"$(PYTHON)" -m venv "$(VENV)"

$(SETUP): requirements.lock pyproject.toml | $(BIN)/python
	$(INSTALL) --require-hashes -r requirements.lock
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch "$@"

$(DEV_SETUP): requirements-dev.lock $(SETUP)
	$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch "$@"
