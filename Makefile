# make demo       moderate 400 real comments into SQLite, and see what happened
# make dashboard  the moderators' desk in a browser, on the demo's database
# make test       every check: lint, types, layers, tests, coverage
# make bench      the figures of the README, measured on this machine
# Each sets up what it needs in .venv; a second run is quick.

PYTHON ?= python3
BIN := .venv/bin
DEMO_DB := sqlite:///demo/moderation.db

.DEFAULT_GOAL := help
.PHONY: help demo dashboard test bench clean

help:
	@sed -n 's/^# //p' Makefile

.venv/base: pyproject.toml
	@tools/python_version.sh "$(PYTHON)"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

.venv/dev: .venv/base
	$(BIN)/python -m pip install --quiet --editable ".[torch,postgres,evaluate,compile,dashboard,oidc]" --group dev
	@tools/postgres_for_tests.sh $(BIN)/python
	@tools/chromium_for_tests.sh
	@touch $@

demo: .venv/base
	@mkdir -p demo
	@MODERATION_DATABASE=$(DEMO_DB) tools/demo/run.sh $(BIN)/moderation

.venv/dashboard: .venv/base
	$(BIN)/python -m pip install --quiet --editable ".[dashboard]"
	@touch $@

demo/moderation.db:
	@$(MAKE) demo

dashboard: .venv/dashboard demo/moderation.db
	@$(BIN)/python -m dashboard --database $(DEMO_DB) --first-admin

test: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/oxlint -c dashboard/components/queue/.oxlintrc.json dashboard tests/dashboard/scripts
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry moderation dashboard
	$(BIN)/deptry tests tools --ignore DEP002,DEP004  # what they import may be of any group
	$(BIN)/moderation rules check rules.yaml
	$(BIN)/python -m pytest -n 2 --cov --cov-report=term-missing:skip-covered

bench: .venv/dev
	$(BIN)/python -m tools.benchmarks

clean:
	rm -rf .venv demo build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage*
