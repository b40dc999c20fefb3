# Every target does its own set-up: a machine with Python 3.11 or later and make is enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
.DEFAULT_GOAL := help
.PHONY: help run test check bench soak eval fit lock audit fuzz image

help:  ## this list
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 10

run: $(VENV)/run  ## talk to the bot: on Telegram with TELEGRAM_BOT_TOKEN, else in this terminal
	@$(BIN)/pullquote run

test: $(VENV)/dev  ## all tests, doctests included
	$(BIN)/pytest

check: $(VENV)/dev  ## what CI runs besides the tests: lint, format, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/bench  ## speed, memory and size on disk beside peers, up to 1,000,000 passages: hours
	$(BIN)/python -m benchmarks.speed

soak: $(VENV)/bench  ## a crowd, kills, and beside a bare handler: a quarter of an hour
	$(BIN)/python -m benchmarks.soak

eval: $(VENV)/bench  ## accuracy and calibration beside peers, some minutes at first
	$(BIN)/python -m benchmarks.accuracy

fit: $(VENV)/bench  ## fit the constants of the matching anew
	$(BIN)/python -m benchmarks.fit

audit: $(VENV)/dev  ## known faults in the packages used, where an advisory source can be reached
	@$(BIN)/python -m tests.audit requirements.lock

fuzz: $(VENV)/fuzz  ## reader and question path, guided by coverage, SECONDS each (60)
	@$(BIN)/python -m tests.fuzz articles $(or $(SECONDS),60)
	@$(BIN)/python -m tests.fuzz questions $(or $(SECONDS),60)

image: $(VENV)/image  ## the image's steps, run and tried out without an engine; Linux, as root
	@$(BIN)/hadolint Dockerfile
	@$(BIN)/compose-lint compose.yaml
	@$(BIN)/python -m tests.image

lock: $(VENV)/dev  ## resolve the dependencies anew into requirements*.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url \
		--no-annotate --extra semantic pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url \
		--no-annotate --all-extras --group dev pyproject.toml -o requirements-dev.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url \
		--no-annotate --all-extras --group dev --group bench pyproject.toml -o requirements-bench.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url \
		--no-annotate --all-extras --group dev --group fuzz pyproject.toml -o requirements-fuzz.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url \
		--no-annotate --all-extras --group dev --group image pyproject.toml -o requirements-image.lock

$(VENV)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed.")'
	@echo "Setting up $(VENV) ..." >&2
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/run: $(VENV)/pip requirements.lock pyproject.toml
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock >&2
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps -e . >&2
	@touch $@

$(VENV)/dev: $(VENV)/run requirements-dev.lock
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock >&2
	@touch $@

$(VENV)/bench: $(VENV)/dev requirements-bench.lock
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-bench.lock >&2
	@touch $@

$(VENV)/fuzz: $(VENV)/dev requirements-fuzz.lock
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-fuzz.lock >&2
	@touch $@

$(VENV)/image: $(VENV)/dev requirements-image.lock
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-image.lock >&2
	@touch $@
