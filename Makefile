# make demo       moderate 400 real comments into SQLite, and see what happened
# make dashboard  the moderators' desk in a browser, on the demo's database
# make serve      the HTTP service, on the demo's database
# make quick      for the loop of every day: lint, and the tests that are quick
# make test       every check: lint, types, layers, tests, coverage
# make test-all   the quick tests, on each Python from 3.12 on that this machine has as well
# make docs       the documentation as a site, in build/site
# make bench      the figures of the README, measured on this machine
# make hooks      git runs the quick checks before each commit and push
# make lock       constraints.txt anew, with the newest versions (PYTHON=python3.11)
# make release    builds and checks the packages, and tags the commit
# Each sets up what it needs in .venv; a second run is quick.

PYTHON ?= python3
BIN := .venv/bin
EXTRAS := api,client,torch,postgres,evaluate,compile,dashboard,oidc,parquet
# With which versions: those that were tested, where a Python was tested with them. `make LOCK= test` takes the newest.
LOCK ?= $(shell $(PYTHON) -c 'import sys; print("constraints.txt" * (sys.version_info < (3, 15)))' 2>/dev/null)
INSTALL := $(BIN)/python -m pip install --quiet $(if $(LOCK),--constraint $(LOCK))
DEMO_DB := sqlite:///demo/moderation.db

# Many containers set it; each process of the tests would then compile the package again.
unexport PYTHONDONTWRITEBYTECODE

# A test that finds its worker busy goes to another one, and one worker more than cores computes while others wait for
# servers and disks; more than four would only start more browsers and databases.
WORKERS := $(shell $(PYTHON) -c 'import os; print(min(4, (os.cpu_count() or 1) + 1))' 2>/dev/null)
PYTEST := -m pytest -n $(or $(WORKERS),auto) --dist worksteal
QUICKLY := -m "not browser and not node and not postgres and not slow and not torch" --hypothesis-profile quick

.DEFAULT_GOAL := help
.PHONY: help demo dashboard serve quick test test-all docs bench hooks lock release clean

help:
	@sed -n '/^# /!q; s/^# //p' Makefile

.venv/base: pyproject.toml constraints.txt
	@tools/python_version.sh "$(PYTHON)"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(INSTALL) --editable .
	@touch $@

.venv/quick: .venv/base
	$(INSTALL) --editable ".[api,client,evaluate,compile,dashboard,oidc]" --group tests --group lint
	@touch $@

.venv/dev: .venv/base
	$(INSTALL) --editable ".[$(EXTRAS)]" --group dev
	@tools/postgres_for_tests.sh $(BIN)/python
	@tools/chromium_for_tests.sh
	@touch $@ .venv/quick

demo: .venv/base
	@mkdir -p demo
	@MODERATION_DATABASE=$(DEMO_DB) tools/demo/run.sh $(BIN)/moderation

.venv/dashboard: .venv/base
	$(INSTALL) --editable ".[dashboard]"
	@touch $@

demo/moderation.db:
	@$(MAKE) demo

dashboard: .venv/dashboard demo/moderation.db
	@$(BIN)/python -m dashboard --database $(DEMO_DB) --first-admin

.venv/api: .venv/base
	$(INSTALL) --editable ".[api]"
	@touch $@

serve: .venv/api demo/moderation.db
	@$(BIN)/moderation serve --database $(DEMO_DB) --first-key

quick: .venv/quick
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python $(PYTEST) $(QUICKLY)

test: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/oxlint -c dashboard/components/queue/.oxlintrc.json dashboard tests/dashboard/scripts
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry moderation dashboard
	$(BIN)/deptry tests tools --ignore DEP002,DEP004  # what they import may be of any group
	$(BIN)/hadolint docs/deploy/Containerfile
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docs/deploy/compose.yaml
	$(BIN)/moderation rules check rules.yaml
	$(BIN)/python $(PYTEST) --cov --cov-report=term-missing:skip-covered

test-all: quick
	@tools/other_pythons.sh $(PYTEST) $(QUICKLY)

.venv/docs: .venv/base
	$(INSTALL) --group docs
	@touch $@

docs: .venv/docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

bench: .venv/dev
	$(BIN)/python -m tools.benchmarks

hooks: .venv/dev
	$(BIN)/pre-commit install --hook-type pre-commit --hook-type pre-push

lock:
	tools/lock.sh "$(PYTHON)" "$(EXTRAS)"

.venv/release: .venv/base
	$(INSTALL) --group release
	@touch $@

release: .venv/release
	$(BIN)/python -m tools.release

clean:
	rm -rf .venv .venv-3.* demo build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage*
