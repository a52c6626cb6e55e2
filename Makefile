# Each target works on a fresh machine that has Python 3.11 or newer, git and make. Nothing here needs to be run before anything else.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

# Servers, commands and workers are started again and again; each would compile the whole product anew where nothing may be kept.
unexport PYTHONDONTWRITEBYTECODE

.DELETE_ON_ERROR:
.PHONY: run test check lint types install messages browser bench faults pictures clean
TOGETHER := $(MAKE) --no-print-directory --output-sync=target -j2

$(STAMP): pyproject.toml hatch_build.py
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	touch $@

install: $(STAMP)

messages: $(STAMP)
	$(BIN)/python hatch_build.py

# Make an environment, a database and the demonstration, and serve it. Running it again keeps the data.
run: messages
	PORT=$(PORT) $(BIN)/python -m examsite.demo.serve

lint: messages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: messages
	$(BIN)/mypy

# The quick half: lint, types, import contracts, rules.
check: messages
	$(TOGETHER) lint types
	$(BIN)/pytest -q tests/rules tests/policies

# A real browser is part of the tests: install Debian's where there is none, or say how. Its build without windows does the same work in
# half the time; where it cannot be had, any Chromium will do.
browser:
	@command -v chromium-headless-shell >/dev/null || { \
	  [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && \
	    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium-headless-shell fonts-noto-core; } || \
	  command -v chromium >/dev/null || \
	  { echo "The tests need a browser. Install one with: sudo apt-get install chromium-headless-shell fonts-noto-core" >&2; exit 1; }

# Everything: lint, types, contracts, all tests on SQLite, those that touch a database also on a real PostgreSQL, a real browser, the wheel.
test:
	$(TOGETHER) messages browser
	$(TOGETHER) lint types
	$(BIN)/python -m tests

# What a save, a start, a submission and a whole candidate cost on both databases, beside the limit of this machine; takes about half an hour.
bench: messages
	$(BIN)/python -m tests.bench

# Kill workers, the master and the database while candidates save, 20,000 acknowledged saves on each database; status 1 if one was lost.
faults: messages
	$(BIN)/python -m tests.faults

# Take the pictures of the README anew, from a demonstration that is built for them and thrown away.
pictures: messages browser
	$(BIN)/python -m tests.pictures

clean:
	rm -rf $(VENV) var dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
