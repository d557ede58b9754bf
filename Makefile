# Everything here needs Python 3.11+ with venv, and make; the rest is set up in .venv when missing or stale.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/run.stamp
DEV := $(VENV)/dev.stamp
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PACKAGES := bot core handlers reports storage
OUT ?= demo-report

.DEFAULT_GOAL := help
.PHONY: help demo test check run bench fmt requirements

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile

demo: $(RUN) ## the draft report of the pre-HLPF meeting of July 2017, in demo-report/
	@$(BIN)/rapporteur demo --out $(OUT)

run: $(RUN) ## a meeting in this terminal, no token needed
	@$(BIN)/rapporteur run

test: $(DEV) ## the tests
	$(BIN)/python -m pytest -n 4 --dist worksteal

check: $(DEV) ## format, lint, types, import borders, tests: what CI runs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 4 --dist worksteal

fmt: $(DEV) ## put the code into its format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(DEV) ## figures, as ratios against floors measured in the same run
	$(BIN)/python -m pytest bench --benchmark-only --benchmark-quiet -p no:cacheprovider

requirements: ## pin anew what pyproject.toml asks for (needs uv)
	uv pip compile pyproject.toml --extra build --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate --upgrade -q -o requirements/run.txt
	uv pip compile pyproject.toml --extra build --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate -q -c requirements/run.txt -o requirements/dev.txt

$(RUN): requirements/run.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
	  { echo "Python 3.11, 3.12 or 3.13 is needed: make PYTHON=python3.12 …" >&2; exit 1; }
	@echo "Setting up $(VENV) (once; a minute or two) …" >&2
	@$(PYTHON) -m venv --clear $(VENV)
	@$(PIP) --require-hashes -r requirements/run.txt
	@$(PIP) --no-build-isolation --no-deps -e .
	@$(BIN)/python -m compileall -q $(PACKAGES)
	@touch $@

$(DEV): requirements/dev.txt $(RUN)
	@echo "Adding the development tools to $(VENV) …" >&2
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@
