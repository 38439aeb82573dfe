# `make plan` and `make test` need nothing but Python 3.11 or newer and this file.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock
PROGRAM ?= .

.PHONY: plan test check lint types pyright generate generated bench clean

plan: $(VENV)/.plan  ## what the quickstart stack would buy
	@$(BIN)/kaito-iac plan $(PROGRAM)

test: $(VENV)/.dev  ## every test that this machine can run
	@$(BIN)/python -m pytest $(ARGS)

check: lint types pyright generated test  ## what CI runs, and pyright

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.dev
	$(BIN)/mypy

pyright: $(VENV)/.dev  ## needs Node.js
	$(BIN)/pyright --pythonpath $(BIN)/python

generated: $(VENV)/.dev  ## generated files are up to date
	$(BIN)/python tools/generate.py --check

generate: $(VENV)/.dev
	$(BIN)/python tools/generate.py

bench: $(VENV)/.dev
	for file in bench/*.py; do echo "== $$file"; $(BIN)/python $$file; done

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.plan: pyproject.toml requirements.lock | $(VENV)/bin/python
	@echo "Setting up $(VENV) (once)" >&2
	@$(PIP) --editable '.[azure,policy]'
	@touch $@

$(VENV)/.dev: $(VENV)/.plan
	@echo "Adding what the tests need (once)" >&2
	@$(PIP) --editable '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache
