# Each target sets up what it needs, once: the stamps in .venv say what is there already.
# PYTHON=python3.12 chooses another interpreter; HOST and PORT say where the app listens; SEED draws
# other mutants, JOBS=2 looks at two at a time.
PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
SEED   ?= 1
JOBS   ?= 1
DENO   := DENO_DIR=$(CURDIR)/$(VENV)/deno DENO_NO_UPDATE_CHECK=1 $(VENV)/bin/deno
PIP    := $(PY) -m pip --disable-pip-version-check --quiet

.PHONY: help run test check mutate picture bench

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /make \1	/p' Makefile

run: $(VENV)/.app ## start Backstep, and open it where there is a browser
	@$(PY) -m ui.server

test: $(VENV)/.dev ## run all tests, in a real browser too
	@$(DENO) task --quiet test
	@$(PY) -c 'from tests.live import chromium; chromium()' 2>/dev/null || $(PY) -m playwright install chromium
	@$(PY) -m pytest -m 'not browser' -n auto
	@$(PY) -m pytest -m browser -n auto

check: $(VENV)/.dev ## find mistakes without running anything
	@$(PY) -m ruff check .
	@$(DENO) task --quiet check

mutate: $(VENV)/.mutate .coverage ## break 250 places drawn by SEED, and see that tests fail for them
	@OPENBLAS_NUM_THREADS=1 nice $(PY) tests/mutate.py $(SEED) --jobs $(JOBS)

# A test that has to be quick may fail here, where every line of it is traced.
.coverage: $(VENV)/.mutate $(shell find engine figures tests -name '*.py')
	@echo "Looking which test passes through which line, which takes some minutes ..."
	-@OPENBLAS_NUM_THREADS=1 nice $(PY) -m pytest -q -m 'not browser' --cov=engine --cov=figures --cov-context=test --cov-report=

picture: $(VENV)/.dev ## take the README's picture from the app
	@$(PY) -m tests.browser.picture

bench: $(VENV)/.bench ## measure speed and memory
	@$(PY) -m tests.bench

$(VENV)/.app: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Backstep needs Python 3.11 or newer (got %d.%d); choose one: make PYTHON=python3.11 run" % sys.version_info[:2])'
	@echo "Setting up $(VENV), which takes a minute ..."
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install 'pip>=25.1'
	@$(PIP) install --requirement requirements.txt
	@touch $@

$(VENV)/.dev: pyproject.toml $(VENV)/.app
	@$(PIP) install --group dev
	@touch $@

$(VENV)/.mutate: pyproject.toml $(VENV)/.dev
	@$(PIP) install --group mutate
	@touch $@

$(VENV)/.torch: pyproject.toml $(VENV)/.dev
	@$(PIP) install --group torch
	@touch $@

$(VENV)/.bench: pyproject.toml $(VENV)/.dev
	@$(PIP) install --group bench
	@touch $@
