# Two commands set up everything on a new machine: `make demo` and `make test`. Both can be run again at any time.

# Any Python from 3.11 on; the shell finds the first that is new enough.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := $(CURDIR)/.venv/bin
WITHIN := $(BIN)/python -m galley_iac.toolchain.within $(BIN)/python -m pytest
# Tests mostly wait for engines, so a few more than there are cores.
WORKERS ?= 3
FAST := tests/unit tests/golden tests/program tests/toolchain
DEMO ?= examples/python

# Where HEAD is detached, as in most CI systems, there is no branch to take the preview's name from.
BRANCH := $(shell git symbolic-ref --quiet --short HEAD 2>/dev/null || echo demo)

.DEFAULT_GOAL := help
.PHONY: help venv demo demo-down cluster cluster-down test bench chaos unit check lock wheel clean clean-tools fresh-machine

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: venv ## install what is missing and bring up the example as the preview of this branch
	@$(BIN)/galley setup
	@$(BIN)/galley up --branch '$(BRANCH)' --file $(DEMO)
	@printf '\nNow try:\n  %s\n  %s\n  %s\n' \
		'edit $(DEMO)/app, then `make demo` again: only what changed is built' \
		'.venv/bin/galley status -f $(DEMO); .venv/bin/galley logs -f $(DEMO)' \
		'make demo-down, which leaves nothing behind'

demo-down: venv ## remove the preview that `make demo` brought up
	@$(BIN)/galley down --branch '$(BRANCH)' --file $(DEMO)

cluster: venv ## start a Kubernetes cluster of one node on this machine (root), for `galley up --target kubernetes`
	@$(BIN)/galley setup --cluster

cluster-down: venv ## end that cluster; nothing of it is left
	@$(BIN)/galley setup --stop-cluster

test: venv ## install what is missing and run all tests, or those of ARGS, in a Docker engine of their own
	@$(BIN)/galley setup --for-tests
ifdef ARGS
	@$(WITHIN) $(ARGS)
else
	@$(WITHIN) -n $(WORKERS) --no-loadscope-reorder -m 'not alone' && passed=yes; \
		$(WITHIN) -m alone && test "$$passed"
endif

bench: venv ## measure galley beside docker compose and bare Pulumi (root; up to two hours, on an idle machine)
	@$(BIN)/python -m bench.setup
	@$(BIN)/python -m galley_iac.toolchain.within $(BIN)/python -m bench $(ARGS)

chaos: venv ## cut commands off at random moments, and look whether the next one puts it right (root; up to three hours)
	@$(BIN)/python -m bench.setup
	@$(BIN)/python -m galley_iac.toolchain.within $(BIN)/python -m chaos $(ARGS)

unit: venv ## the tests that need neither root nor Docker nor Pulumi's command
	@$(BIN)/python -m pytest -n auto $(wildcard $(FAST))

check: venv ## style and types
	@$(BIN)/ruff check .
	@$(BIN)/mypy --strict galley_iac bench chaos

venv:
	@test -n '$(PYTHON)' || { echo 'error: Python 3.11 or later is needed' >&2; exit 3; }
	@$(PYTHON) -m galley_iac.toolchain.bootstrap

lock: venv ## write the locked requirements anew after a change in pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --extra kubernetes --group dev --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-annotate --custom-compile-command 'make lock' \
		--quiet --output-file requirements-dev.txt

wheel: venv ## build the wheel, in dist/
	$(BIN)/uv build --wheel --no-build-isolation --python $(BIN)/python

fresh-machine: ## run `make demo` and `make test` in a new Debian (root; over an hour)
	@sh galley_iac/toolchain/fresh-machine.sh

clean: ## end the set-up's Docker engine and remove the environment; what was built stays for the next time
	@test ! -x $(BIN)/galley || $(BIN)/galley setup --stop
	rm -rf .venv .venv.lock .mypy_cache .pytest_cache .ruff_cache .hypothesis dist

clean-tools: ## as `clean`, and remove all that the set-up has built or downloaded, its engine's data too
	@test ! -x $(BIN)/galley || $(BIN)/galley setup --remove
	@$(MAKE) --no-print-directory clean
