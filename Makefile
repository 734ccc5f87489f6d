# Every target sets up what it needs, once; the stamps in .venv remember it.
# PYTHON=python3.12 chooses another interpreter; HOST and PORT say where the app listens.
PYTHON ?= python3
VENV   := .venv
PIP    := $(VENV)/bin/python -m pip --disable-pip-version-check --quiet
python := $(VENV)/bin/python

.PHONY: help run test check bench

help: ## say what can be done
	@sed -n 's/^\([a-z]*\):.*## /make \1	/p' Makefile

run: $(VENV)/.app ## start Backstep and open it in the browser
	@$(python) -m ui.server

test: $(VENV)/.dev ## run all tests, those in a real browser too
	@command -v chromium chromium-browser google-chrome >/dev/null || $(python) -m playwright install chromium
	@$(python) -m pytest

check: $(VENV)/.dev ## look for mistakes without running anything
	@$(python) -m ruff check .

bench: $(VENV)/.bench ## measure speed and memory
	@$(python) -m tests.bench

$(VENV)/.app: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit("Backstep needs Python 3.11 or newer (got %d.%d); try: make PYTHON=python3.12 run" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	@echo "Setting up $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install "pip>=25.1"
	@$(PIP) install --requirement requirements.txt
	@touch $@

$(VENV)/.dev: pyproject.toml $(VENV)/.app
	@$(PIP) install --group dev
	@touch $@

$(VENV)/.bench: pyproject.toml $(VENV)/.dev
	@$(PIP) install --group bench
	@touch $@
