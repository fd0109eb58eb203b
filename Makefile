# Every command that the README names. `make install` is called by the others.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: install run test transitions lint model bench requirements screenshots clean

install: $(VENV)/.runs

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runs: requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.tests: $(VENV)/.runs requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

run: install
	$(BIN)/python -m bot.run

test: $(VENV)/.tests
	$(BIN)/python -m tests.browser_setup
	$(BIN)/python -m pytest -q

transitions: $(VENV)/.tests
	$(BIN)/python -m pytest -q -p tests.transitions tests/stories tests/flows/test_transitions.py

lint: $(VENV)/.tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m flows.words.check
	$(BIN)/python -m flows.words.grade

# Trains the classifier of flows/understand on the messages in its training/ folder.
model: $(VENV)/.tests
	$(BIN)/python -m flows.understand.model

bench: $(VENV)/.tests
	$(BIN)/python -m bench

requirements: $(VENV)/.tests
	$(BIN)/pip-compile -q --strip-extras --no-emit-index-url --no-emit-find-links requirements.in -o requirements.txt
	$(BIN)/pip-compile -q --strip-extras --no-emit-index-url --no-emit-find-links requirements-dev.in -o requirements-dev.txt

screenshots: $(VENV)/.tests
	$(BIN)/python -m docs.screenshots

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
