# The house's words: `make help` lists them. Needs make and Python 3.11 or later, no more.
# ARGS is appended to a command: make run ARGS="--workers 4", make test ARGS=tests/unit

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp
PYTHONS ?= python3.11 python3 python3.12 python3.13
WORKERS ?= 2
SCENARIO ?= scenarios/iraq_2019_2020.yaml
REPLICATIONS ?= 1000
ARGS ?=

PIP = $(BIN)/python -m pip -qq --disable-pip-version-check

.PHONY: setup run experiments calibrations rivals mechanisms check test coverage verify exhaustive browser golden bench docs constraints clean help

setup: $(STAMP)  ## make .venv with the pinned versions; nothing to do the second time

run: setup  ## the main job: 1,000 replications of the shipped scenario
	@$(BIN)/escalade run $(SCENARIO) --replications $(REPLICATIONS) --pictures $(ARGS)

experiments: setup  ## renew the committed results of all experiments (minutes); ARGS=e03 for one
	@$(BIN)/python experiments/renew.py run --workers $(WORKERS) $(ARGS)

calibrations: setup  ## renew fits, fitted scenario and scored forecasts (six minutes on two cores)
	@$(BIN)/python experiments/renew.py calibrate --workers $(WORKERS)
	@$(BIN)/python experiments/renew.py score --workers $(WORKERS)

rivals: setup  ## renew what rival theories say, fitted, scored and named side by side
	@$(BIN)/python experiments/renew.py rivals --workers $(WORKERS) $(ARGS)

mechanisms: setup  ## renew docs/mechanisms.md, the ledger of the shipped scenarios (minutes)
	@$(BIN)/python generators/mechanisms.py --workers $(WORKERS) $(ARGS)

check: setup  ## format, lint, types, import arrows
	@echo "format";  $(BIN)/ruff format --check --quiet --diff .
	@echo "lint";    $(BIN)/ruff check --quiet .
	@echo "types";   $(BIN)/basedpyright --project pyproject.toml --warnings
	@echo "arrows";  $(BIN)/lint-imports --no-cache --no-logo

test: setup  ## the tests, but for those of the words below
	@$(BIN)/pytest -q -n $(WORKERS) $(ARGS)

coverage: setup  ## the tests again, slower, with the lines and branches that they miss
	@$(BIN)/pytest -q -n $(WORKERS) -m "not verify and not exhaustive and not benchmark and not browser" \
		--cov --cov-report=term $(ARGS)

verify: setup  ## is the code equal to the mathematics, and the slow tests (minutes)
	@$(PIP) install $(PINS) --group peers || echo "without pyabc: its cross-check is skipped"
	@$(BIN)/pytest -q -n $(WORKERS) -m "(verify or slow) and not exhaustive" tests $(ARGS)

exhaustive: setup  ## a thousand logs of each scenario, a million outcomes, twenty kills
	@$(BIN)/pytest -q -n $(WORKERS) -m exhaustive tests $(ARGS)

golden: setup  ## renew the golden files; then say what changed in CHANGELOG.md
	@$(BIN)/pytest -q -p no:randomly -m "not benchmark" --renew-golden tests/golden \
		tests/project/test_tutorial.py $(ARGS)
	@$(BIN)/python generators/notebooks.py
	@git status --short -- tests/golden docs/tutorial.md docs/notebooks 2>/dev/null || true

bench: setup  ## did it get slower?
	@$(BIN)/pytest -q -p no:randomly -m benchmark --benchmark-quiet tests $(ARGS)

docs: setup  ## renew what is generated, and build the site into docs/_build
	@$(PIP) install $(PINS) --group docs
	@$(BIN)/python generators/pages.py
	@$(BIN)/sphinx-build -q -n -W --keep-going -c generators -d docs/_build/pages \
		. docs/_build/html $(ARGS)
	@echo "docs/_build/html/index.html is built"

browser: setup  ## reports and the site in Chromium, as wide as a desk and as a phone
	@$(MAKE) --no-print-directory docs ARGS=
	@$(BIN)/pytest -q -n $(WORKERS) -m browser tests/browser $(ARGS)

constraints:  ## renew constraints.txt from the newest releases allowed
	@$(MAKE) --no-print-directory clean-fresh VENV=.venv-fresh
	@$(MAKE) --no-print-directory .venv-fresh/.stamp VENV=.venv-fresh PINS=
	@sed -n '/^#/p' constraints.txt > .venv-fresh/constraints.txt
	@.venv-fresh/bin/python -m pip install -qq --group peers --group docs
	@.venv-fresh/bin/python -m pip freeze --exclude-editable \
		| grep -E '^[A-Za-z0-9._-]+==[^ ]+$$' | grep -viE '^(pip|setuptools)==' \
		| LC_ALL=C sort -f >> .venv-fresh/constraints.txt
	@cp .venv-fresh/constraints.txt constraints.txt && rm -rf .venv-fresh
	@echo "constraints.txt is renewed; now run .ci/run"

clean:  ## remove .venv and everything that was built or cached
	@rm -rf .venv .venv-fresh build dist docs/_build .coverage .coverage.* .benchmarks \
		.hypothesis .pytest_cache .ruff_cache .import_linter_cache *.egg-info
	@find sim seeds tests experiments -name __pycache__ -prune -exec rm -rf {} + \
		2>/dev/null || true

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*  ## /\1	/p' $(firstword $(MAKEFILE_LIST)) | expand -t 14

.PHONY: clean-fresh
clean-fresh:
	@rm -rf .venv-fresh

# --- The environment ------------------------------------------------------------------

PINS := --constraint constraints.txt

$(STAMP): pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing escalade and its tools into $(VENV) (a minute or two)"
	@$(PIP) install 'pip>=25.1'
	@$(PIP) install $(PINS) --group test --group lint
	@$(PIP) install $(PINS) --no-build-isolation --editable .
	@touch $@

# The first Python that is new enough and can make an environment.
$(BIN)/python:
	@for python in $(PYTHONS); do \
		if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
			2>/dev/null; then \
			echo "making $(VENV) with $$($$python --version)"; \
			$$python -m venv $(VENV) && exit 0; \
			rm -rf $(VENV); \
		fi; \
	done; \
	echo "escalade needs Python 3.11 or later with the modules venv and ensurepip." >&2; \
	echo "Tried: $(PYTHONS). On Debian and Ubuntu: install python3-venv." >&2; \
	echo "Another Python: make setup PYTHONS=/path/to/python" >&2; \
	exit 1
