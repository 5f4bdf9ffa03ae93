# The doors of zengshou. Each target sets up what it needs (own virtual environment in .venv);
# a second call finds it ready and touches no network.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
PYTHON ?= python3.11
VENV := $(CURDIR)/.venv
STAMP := $(VENV)/.installed
SUPERSET := $(CURDIR)/.venv-superset
PIP := $(VENV)/bin/python -m pip install -q --disable-pip-version-check
export PATH := $(VENV)/bin:$(PATH)
export DAGSTER_DISABLE_TELEMETRY := 1
export DO_NOT_TRACK := 1
# Two workers, a file of tests to each; the homes that all share are built once (tests/conftest.py).
PARALLEL := -n 2 --dist loadfile --no-loadscope-reorder
# Where compiled modules are not kept, every process spends eight seconds on compiling its libraries.
export PYTHONDONTWRITEBYTECODE :=

.SILENT: $(STAMP)
.PHONY: setup demo dev test test-all test-superset bench lint lock clean

setup: $(STAMP)

# uv where pip can bring it, plain pip otherwise: both install the same hashes.
$(STAMP): requirements.lock requirements-uv.lock pyproject.toml
	@echo "==> Setting up $(VENV) (once; about a minute)"
	test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements-uv.lock && uv pip sync -q --python $(VENV)/bin/python --require-hashes requirements.lock \
	  || $(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation -e .
	touch $@

demo: $(STAMP)           ## simulate the departments, run every quarter, say where the result lies
	zengshou demo

dev: $(STAMP)            ## the Dagster UI on http://localhost:3000
	zengshou dev

test: $(STAMP) lint      ## linters, types and tests (CI runs this)
	pytest -m "not nightly" $(PARALLEL)

test-all: $(STAMP) $(SUPERSET)/.installed lint  ## the same, with the nightly-size tests
	pytest $(PARALLEL)

test-superset: $(STAMP) $(SUPERSET)/.installed  ## the dashboards in a real Superset, over both databases
	pytest tests/e2e/test_superset.py

# Superset wants other versions than the project does: an environment of its own.
$(SUPERSET)/.installed: bi/superset/requirements.lock $(STAMP)
	test -x $(SUPERSET)/bin/python || $(PYTHON) -m venv $(SUPERSET)
	uv pip sync -q --python $(SUPERSET)/bin/python --require-hashes bi/superset/requirements.lock
	touch $@

bench: $(STAMP)          ## ratios and measured times, written to benchmarks/results/
	python -m benchmarks

lint: $(STAMP)
	ruff check .
	ruff format --check .
	mypy
	sqlfluff lint dbt_project/models dbt_project/tests --processes 2

lock: $(STAMP)           ## renew the locks (hashes, no index address)
	uv pip compile -q pyproject.toml --extra dev --generate-hashes --no-emit-index-url --no-strip-extras --no-header --python-version 3.11 -o requirements.lock
	awk '/^uv==/{p=1} p{print} p&&!/\\$$/{exit}' requirements.lock > requirements-uv.lock

clean:                   ## remove the demo's data; the environment stays
	rm -rf var
