# `make` alone lists the commands. Each does its own set-up.
.DEFAULT_GOAL := help
.PHONY: help setup run shift test lint bench bench-quick screens wheel bundle deb lock clean

PYTHON ?=
export PYTHON

VENV := .venv
BIN := $(VENV)/bin
# Made when the environment is as the lock says; in .venv, so that removing .venv is enough to start again.
STAMP := $(VENV)/.winnow-is-set-up
SCREENS ?= screens
CALLS ?= 6
ARGS ?=
DISPLAYED := $(or $(DISPLAY),$(WAYLAND_DISPLAY),$(filter Darwin,$(shell uname -s)))

help: ## lists these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

$(STAMP): requirements.lock pyproject.toml tools/set_up.sh tools/system_libraries.sh
	@tools/set_up.sh
	@touch $@

setup: $(STAMP) ## makes .venv, with everything that Winnow needs

run: setup ## opens Winnow; without a display it works a shift by itself and keeps pictures
ifneq ($(DISPLAYED),)
	@tools/system_libraries.sh qt
	$(BIN)/winnow $(ARGS)
else
	@echo "There is no display here: Winnow works $(CALLS) made-up inquiries by itself."
	@$(MAKE) --no-print-directory shift
endif

shift: setup ## works CALLS=6 made-up inquiries through the real pages, pictures into SCREENS=screens
	$(BIN)/winnow shift --calls $(CALLS) --screens $(SCREENS)
	@echo "The pictures are in $(abspath $(SCREENS))"

screens: shift ## the same: pictures of every page

test: setup ## passes the tests; ARGS='-k queue' chooses
	@tools/system_libraries.sh postgresql
	$(BIN)/python -m pytest $(ARGS)

lint: setup ## ruff, its format, and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: setup ## every benchmark beside its floor
	$(BIN)/python -m benchmarks $(ARGS)

bench-quick: setup ## the same on ten thousand inquiries, within a minute
	$(BIN)/python -m benchmarks --quick $(ARGS)

wheel: setup ## dist/winnow-….whl
	$(BIN)/python -m hatchling build -t wheel -d dist

bundle: setup ## dist/winnow/, a folder that runs without Python; takes minutes
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r packaging/requirements.lock
	$(BIN)/python -m PyInstaller --noconfirm --log-level WARN --distpath dist --workpath build packaging/winnow.spec

deb: bundle ## dist/winnow_….deb, for Debian and Ubuntu
	packaging/debian.sh

# Hashes and no addresses: whoever installs chooses where from.
lock: setup ## makes requirements.lock anew from pyproject.toml; ARGS=--upgrade for newer versions
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --group dev $(ARGS) \
		pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --group bundle \
		--constraints requirements.lock $(ARGS) -o packaging/requirements.lock
	@! grep -nE '://|^-|file:' requirements.lock packaging/requirements.lock || { echo "a lock names an address" >&2; exit 1; }

clean: ## removes what the commands made, .venv included
	rm -rf $(VENV) dist build $(SCREENS) .pytest_cache .mypy_cache .ruff_cache .hypothesis benchmarks/.cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
