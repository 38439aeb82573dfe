# `make plan` and `make test` need nothing but Python 3.11 or newer and this file.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PROGRAM ?= .
BASE ?= main
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --group build

.PHONY: plan test check quick lint types pyright generate generated lock lowest latest wheel fuzz site bench help clean

plan: $(VENV)/.plan  ## plan of the quickstart: nodes, quota, cost and problems, offline
	@$(BIN)/kaito-iac plan $(PROGRAM)

test: $(VENV)/.dev  ## every test that this machine can run
	@$(BIN)/python -m pytest $(ARGS)

check: lint types generated  ## what CI runs: style, types, generated files, tests
	@$(MAKE) --no-print-directory test ARGS="-n 2 -q"

quick: lint types $(VENV)/.dev  ## style, types and 30 seconds of the tests of what changed since BASE; make check runs all
	@$(BIN)/python tools/changed_tests.py $(BASE) | xargs --no-run-if-empty $(BIN)/python -m pytest -q -x -n 2 --within=30

lint: $(VENV)/.dev  ## format and style
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.dev  ## mypy, strict
	$(BIN)/mypy

pyright: $(VENV)/.dev  ## types of stacks and examples as editors see them (needs Node.js)
	$(BIN)/pyright --pythonpath $(BIN)/python

generated: $(VENV)/.dev  ## generated files are up to date
	$(BIN)/python tools/generate.py --check

generate: $(VENV)/.dev  ## write the generated files
	$(BIN)/python tools/generate.py

lock: $(VENV)/.dev  ## resolve the newest versions into requirements.lock and requirements-run.lock, with hashes
	@$(PIP) uv
	$(LOCK) --upgrade --extra dev pyproject.toml -o requirements.lock
	$(LOCK) --extra azure --extra policy --constraint requirements.lock pyproject.toml -o requirements-run.lock
	$(LOCK) --extra azure --extra wait --no-header --constraint requirements.lock pyproject.toml -o components/requirements.txt

lowest: $(VENV)/.dev  ## the tests with the lowest versions that pyproject.toml allows
	@$(PIP) uv
	rm -rf $(VENV)-lowest && $(PYTHON) -m venv $(VENV)-lowest
	$(BIN)/uv pip install --quiet --python $(VENV)-lowest/bin/python --resolution lowest-direct --editable '.[dev]'
	$(VENV)-lowest/bin/python -m pytest $(ARGS)

latest: $(VENV)/.dev  ## the tests with the newest versions that pyproject.toml allows
	rm -rf $(VENV)-latest && $(PYTHON) -m venv $(VENV)-latest
	$(VENV)-latest/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	$(VENV)-latest/bin/python -m pytest $(ARGS)

wheel: $(VENV)/.dev  ## the tests against an installed wheel, with the sources deleted
	$(BIN)/python tools/test_installed_wheel.py $(ARGS)

fuzz: $(VENV)/.dev  ## 10,000 broken files at every door, at random and by coverage (INPUTS=N for another number)
	@$(PIP) atheris || echo "atheris does not install here: the search by coverage is skipped" >&2
	KAITO_IAC_FUZZ=$(or $(INPUTS),10000) $(BIN)/python -m pytest tests/fuzz -q $(ARGS)

site: $(VENV)/.dev  ## the documentation as a site, in site/
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet --strict

bench: $(VENV)/.dev  ## measurements beside the peers that are installed; writes docs/performance.md
	for file in $(filter-out bench/performance.py bench/faults_found.py,$(wildcard bench/*.py)); do echo "== $$file"; $(BIN)/python $$file; done
	$(BIN)/python bench/performance.py --write

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1: /p' Makefile

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.plan: pyproject.toml requirements-run.lock | $(VENV)/bin/python
	@echo "Setting up $(VENV): about a minute and 500 MB, once" >&2
	@$(PIP) --require-hashes --requirement requirements-run.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.plan requirements.lock
	@echo "Adding what the tests need, once" >&2
	@$(PIP) --require-hashes --requirement requirements.lock
	@touch $@

clean:  ## remove environments, builds and caches
	rm -rf $(VENV) $(VENV)-lowest $(VENV)-latest dist build site .pytest_cache .mypy_cache .ruff_cache
