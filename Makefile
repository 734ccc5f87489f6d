# Each target sets up what it needs, once: the stamps in .venv say what is there already.
# PYTHON=python3.12 chooses another interpreter; HOST and PORT say where the app listens.
PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
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

mutate: $(VENV)/.dev ## break every formula once, and see that a test fails for it
	@$(PY) tests/mutate.py

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

$(VENV)/.bench: pyproject.toml $(VENV)/.dev
	@$(PIP) install --group bench
	@touch $@
