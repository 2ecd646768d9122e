# `make serve` and `make test` are the two commands; the rest are their parts.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
INDEX  ?= var/index
HOST   ?= 127.0.0.1
PORT   ?= 8000

.PHONY: install install-dev index serve check test quality format lock clean

install: $(VENV)/.installed

install-dev: $(VENV)/.installed-dev

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

index: install
	$(BIN)/health-index reindex corpus --index $(INDEX)

serve: index
	$(BIN)/health-search serve --index $(INDEX) --host $(HOST) --port $(PORT)

check: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy --no-warn-unused-ignores tests

test: install-dev
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

# Tables of what every ranking does on every judged set that is there; fails below a floor.
quality: install-dev
	$(BIN)/python -m tests.quality --vectors

format: install-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Needs uv (https://docs.astral.sh/uv/). Names, versions and hashes only: no index addresses.
lock:
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-annotate --upgrade \
		--custom-compile-command "make lock" --output-file requirements.txt pyproject.toml requirements.in
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-annotate --upgrade \
		--custom-compile-command "make lock" --constraint requirements.txt --extra dev --extra assistant \
		--extra redis --extra semantic \
		--output-file requirements-dev.txt pyproject.toml

clean:
	rm -rf $(VENV) var build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
