# Taskworth. `make run` starts it, `make test` checks it. Needs Python 3.11 and make, nothing else.

PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3)
VENV_PYTHON := .venv/bin/python

.DEFAULT_GOAL := help
NO_PYTHON := Taskworth needs Python 3.11, and $(PYTHON) is not there. Debian 12: apt-get install python3

.PHONY: help run setup setup-dev test test-faults test-generated bench lint lock clean

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: setup  ## Install what is missing and start Taskworth (PORT, DATA_DIR, DATABASE_URL, REDIS_URL)
	@$(VENV_PYTHON) scripts/run.py

setup:  ## Install what Taskworth needs to run, into .venv
	@command -v $(PYTHON) >/dev/null || { echo "$(NO_PYTHON)" >&2; exit 1; }
	@$(PYTHON) scripts/bootstrap.py

setup-dev:
	@command -v $(PYTHON) >/dev/null || { echo "$(NO_PYTHON)" >&2; exit 1; }
	@$(PYTHON) scripts/bootstrap.py --dev

test: setup-dev  ## Lint, types, contracts, all tests; then data and broker again on PostgreSQL and Redis
	@$(VENV_PYTHON) scripts/test.py

lint: setup-dev  ## Only the checks that read the code
	@$(VENV_PYTHON) scripts/test.py lint

test-faults: setup-dev  ## Kill workers, brokers and dispatchers under load and count what is lost (long)
	@$(VENV_PYTHON) scripts/test.py faults

test-generated: setup-dev  ## Generate projects of every kind and run their own tests (long)
	@$(VENV_PYTHON) scripts/test.py generated

bench: setup-dev  ## Measure Taskworth side by side with its peers
	@$(VENV_PYTHON) -m benchmarks.discovery
	@$(VENV_PYTHON) -m benchmarks.layout
	@$(VENV_PYTHON) -m benchmarks.valuation
	@$(VENV_PYTHON) -m benchmarks.generator

lock: setup-dev  ## Resolve the pinned versions again after a change of pyproject.toml
	@.venv/bin/uv pip compile pyproject.toml -o requirements.txt --generate-hashes --python-version 3.11 -q --no-header
	@.venv/bin/uv pip compile pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt --generate-hashes --python-version 3.11 -q --no-header
	@$(VENV_PYTHON) scripts/lock_projects.py

clean:  ## Remove the environment and caches; data stays
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
