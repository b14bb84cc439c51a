# The commands of this project. `make run` and `make test` need Python 3.11+ and nothing else.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
LOCKED := $(VENV)/.locked
LOCKED_DEV := $(VENV)/.locked-dev
JOBS ?= auto

.PHONY: run install dev test test-service test-browser test-real check format eval bench bench-100k lock clean help

help: ## what there is to type
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 16

run: install ## start everything on http://127.0.0.1:8000 (kiosk at /kiosk)
	$(BIN)/xiaoxin serve

install: $(LOCKED)

$(LOCKED): requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

dev: $(LOCKED_DEV) ## what tests and checks need

$(LOCKED_DEV): requirements-dev.lock $(LOCKED)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	touch $@

test: dev ## all tests that need no server and no browser
	$(BIN)/python -m pytest -m "not service and not browser and not bench" --numprocesses $(JOBS) --dist loadgroup

test-real: dev ## tests that load the bundled models
	$(BIN)/python -m pytest -m real_model

test-service: dev ## tests against PostgreSQL and a Chroma server
	$(BIN)/python -m pytest -m service

test-browser: dev ## tests in headless Chromium
	$(BIN)/python -m pytest -m browser

check: dev ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports
	$(BIN)/xiaoxin handbook check

format: dev ## rewrite to the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

eval: install ## accuracy on the test part of the golden set, held against evals/limits.yaml; report in data/eval
	$(BIN)/xiaoxin eval

bench: dev ## speed and size, beside a plain LangChain + Chroma retriever
	$(BIN)/python -m evals.bench

lock: ## write the lock files anew (needs the registry)
	$(PYTHON) -m venv $(VENV)/lock
	$(VENV)/lock/bin/python -m pip install --quiet uv
	$(VENV)/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header pyproject.toml -o requirements.lock
	$(VENV)/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --extra postgresql --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean: ## remove what was built; data/ stays
	rm -rf $(VENV) build *.egg-info .pytest_cache .ruff_cache .import_linter_cache
