# `make` alone lists what there is to make. CI calls the same targets.
# The system's python3 when it is new enough, else a python3.11 beside it.
PYTHON ?= $(shell python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo python3 || echo python3.11)
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help setup run test test-all lint format journeys bench mutate lock tools

help:  ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST) | expand -t 18

setup:  ## install what the portal needs, make its database and load the network and the demo
	@$(PYTHON) -m school.install setup

run: setup  ## do the set-up, then serve on 127.0.0.1:8000 with two workers and the clock (PORT=… for another port)
	@$(BIN)/python -m school.serve

test: tools  ## lint, types, import rules, and all but the slow tests on SQLite; facts, races and reports on PostgreSQL too
	@$(BIN)/python -m tests.run

test-all: tools  ## every test on both engines, the slow ones included
	@$(BIN)/python -m tests.run --all

lint: tools  ## style, types, import rules, templates, dependencies and migrations
	@$(BIN)/python -m tests.lint

format: tools  ## put Python and templates into the project's form
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format --quiet .
	@git ls-files -z --cached --others --exclude-standard '*.html' | xargs -0 -r $(BIN)/djade --target-version 5.2 || true

journeys: tools  ## only the journeys in a real browser
	@$(BIN)/python -m pytest -m journey

bench: tools  ## measure the pages against their bars and write docs/benchmarks.md (ROWS=course: only pages so named)
	@$(BIN)/python -m tests.postgres $(BIN)/python -m tests.benchmarks $(if $(ROWS),--rows "$(ROWS)")

mutate: tools  ## switch off each rule in turn and demand a failing test
	@$(BIN)/python -m tests.mutate

lock: tools  ## pin the newest versions that pyproject.toml allows
	@$(BIN)/python -m tests.lock

tools:
	@$(PYTHON) -m school.install tests
