# Everything one does with a checkout. Needs make and Python 3.11 or newer, nothing else.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
# Python prints where it was when Ctrl-C interrupts its own start, so this holds it back until then.
# GNU's env only.
HOLD_CTRL_C := $(shell env --block-signal=INT true 2>/dev/null && echo env --block-signal=INT)

.DEFAULT_GOAL := help
.PHONY: help serve test test-all imports types unsafe coverage audit fuzz fix messages pictures bench load bench-export bench-cost bench-growth bench-pages bench-search

help:
	@echo "make serve   pages and API on http://127.0.0.1:8000/, with their database and data"
	@echo "             (PORT=8001 make serve for another port; HOST and WORKERS work likewise)"
	@echo "make test    format, lint, imports, types, and the tests that need PostgreSQL only"
	@echo "make test-all   the same, then real servers, browsers, faults, clients and deployment files"
	@echo "make coverage   all tests, and the lines and branches that none of them reaches"
	@echo "make audit   known holes in what we depend on; asks the package index"
	@echo "make fuzz    100,000 requests that nobody would write; some minutes"
	@echo "             (FUZZ_REQUESTS=1000 make fuzz for fewer, FUZZ_SEED=2 for others)"
	@echo "make fix     repair format and lint"
	@echo "make messages   bring the catalogues of translations up to date with the pages"
	@echo "make pictures   take the pictures of the README again; needs /usr/bin/chromium"
	@echo "make bench   this API beside others over 100,000 synthetic cases; a quarter of an hour"
	@echo "             (CASES=10000 make bench for fewer)"
	@echo "make bench-growth   the same answers over ten times the cases; half an hour"
	@echo "make bench-cost   the costliest requests, what a quota makes of them, and readers beside them"
	@echo "make load    mixed traffic at 80 % of capacity; half an hour (MINUTES=2 make load for less)"
	@echo "make bench-export   speed and memory of exports, with synthetic cases; some minutes"
	@echo "make bench-pages   pages computed and kept, with 100,000 synthetic cases; some minutes"
	@echo "make bench-search   spellings found and time taken among 100,000 synthetic names"

serve: $(VENV)/.installed
	@$(HOLD_CTRL_C) $(RUN) manage.py serve

# Settings demand a key of their own beside a DATABASE_URL; tests need no secret one.
test test-all coverage imports types unsafe: export SECRET_KEY := only-for-tests
# On all cores; the tests of a file share what it sets up, so they stay on one. In the order of
# `tests/conftest.py`, not by the number of tests in a file.
PYTEST := $(RUN) -m pytest -n logical --dist loadfile --no-loadscope-reorder

# Style first, as it takes a second; what takes longer than a test comes after the tests.
test: $(VENV)/.installed-dev
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(PYTEST) -m fast --ignore=tests/system
	@$(MAKE) --no-print-directory -j3 imports types unsafe

imports: $(VENV)/.installed-dev
	$(RUN) -c "from importlinter.cli import lint_imports_command as run; run()"

types: $(VENV)/.installed-dev
	$(RUN) -m mypy cases casesapi

unsafe: $(VENV)/.installed-dev
	$(RUN) -m bandit -q -q -r -c pyproject.toml cases casesapi manage.py

test-all: test
	$(PYTEST) -m system tests/system

# Half as fast, so not with every run.
coverage: $(VENV)/.installed-dev
	$(PYTEST) --cov

audit: $(VENV)/.installed-dev
	@$(RUN) .ci/audit

fix: $(VENV)/.installed-dev
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

messages: $(VENV)/.installed
	$(RUN) manage.py write_messages

pictures: $(VENV)/.installed-dev
	$(RUN) -m tests.pictures

bench: $(VENV)/.installed-bench
	@command -v wrk >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && \
		apt-get install -y -qq wrk; } || { \
		echo "wrk is missing. On Debian: sudo apt-get install wrk"; exit 1; }
	@$(RUN) -W ignore -m tests.bench.speed --write --cases $${CASES:-100000}

bench-growth: $(VENV)/.installed-bench
	@command -v wrk >/dev/null || { echo "wrk is missing. On Debian: sudo apt-get install wrk"; exit 1; }
	@$(RUN) -W ignore -m tests.bench.growth --write

bench-pages: $(VENV)/.installed-dev
	@$(RUN) -W ignore -m tests.bench.pages --write --cases $${CASES:-100000}

bench-cost: $(VENV)/.installed-dev
	@$(RUN) -W ignore -m tests.bench.cost --write --cases $${CASES:-100000}
	@$(RUN) -W ignore -m tests.bench.beside --write --cases $${CASES:-100000}

load: $(VENV)/.installed-dev
	@$(RUN) -m tests.bench.load --minutes $${MINUTES:-30}

bench-export: $(VENV)/.installed-dev
	$(RUN) -m tests.bench.export

fuzz: export SECRET_KEY := only-for-tests
fuzz: export FUZZ_REQUESTS ?= 100000
fuzz: $(VENV)/.installed-dev
	$(RUN) -m pytest -q tests/system/fuzz/test_generated_requests.py

bench-search: $(VENV)/.installed
	@$(RUN) -m tests.bench.search

$(VENV)/.installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; '$(PYTHON)' is missing or older." \
			"Name another: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -qq && apt-get install -y -qq python3-venv; \
		else \
			echo "Python's venv module is missing. On Debian: sudo apt-get install python3-venv"; \
			exit 1; \
		fi
	@echo "Installing dependencies, about a minute the first time"
	@$(PYTHON) -m venv $(VENV)
	@$(RUN) -m pip install -qq --disable-pip-version-check --root-user-action=ignore -r $<
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@echo "Installing the tools for tests"
	@$(RUN) -m pip install -qq --disable-pip-version-check --root-user-action=ignore -r $<
	@touch $@

$(VENV)/.installed-bench: requirements-bench.txt $(VENV)/.installed-dev
	@echo "Installing what to compare with"
	@$(RUN) -m pip install -qq --disable-pip-version-check --root-user-action=ignore -r $<
	@touch $@
