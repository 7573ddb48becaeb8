# `make demo` opens JupyterLab on recorded runs; `make test` checks what needs no browser, `make test-browser` the rest.
# They work in .venv, made when missing.
PYTHON ?= python3
BIN := .venv/bin
FRONT_END := $(shell git ls-files labextension package.json yarn.lock 2>/dev/null)
ARGS ?=
# pip's build hooks and the tests look for jlpm and jupyter there.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: demo test lint test-python test-front-end test-browser test-integrations system java clean

demo: .venv/for-demo
	$(BIN)/jupyter viz demo $(ARGS)

# What looks at the code goes on beside what runs it, which often waits.
test: .venv/for-test
	$(MAKE) --jobs=2 --no-print-directory test-python checked

.PHONY: checked
checked: lint
	$(MAKE) --no-print-directory test-front-end

lint: .venv/for-test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/jlpm lint:check

test-front-end: .venv/for-test
	$(BIN)/jlpm tsc -p labextension --noEmit
	$(BIN)/jlpm test

# Two at a time: much of it is waiting for kernels. A file stays in one process, for what its tests share.
PYTEST := $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

test-python: .venv/for-test
	$(PYTEST) --ignore=tests/browser $(ARGS)

# A real JupyterLab in a real Chromium, straight and behind a proxy.
test-browser: .venv/for-test system
	$(PYTEST) tests/browser $(ARGS)

# What needs an environment of its own, below .venv-integrations: foreign packages, the wheel alone. ARGS: only some of them.
test-integrations: .venv/for-test java system
	$(BIN)/python tests/integrations/run.py $(ARGS)

# What the browser tests need and pip can't bring: a browser, and a proxy to look at Lab through.
system:
	@command -v chromium >/dev/null && command -v nginx >/dev/null || \
	  { SUDO=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	    $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core nginx-light; }

# Spark's.
java:
	@command -v java >/dev/null || \
	  { SUDO=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	    $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq --no-install-recommends default-jre-headless; }

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/for-demo: .venv/bin/python pyproject.toml $(FRONT_END)
	rm -rf jupyter_viz/labextension # an old bundle would be taken for the new one
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[demo]'
	touch $@

.venv/for-test: .venv/bin/python pyproject.toml $(FRONT_END)
	rm -rf jupyter_viz/labextension
	$(BIN)/pip install --quiet --no-compile --disable-pip-version-check -e '.[demo,test]'
	$(BIN)/jlpm install --immutable
	touch $@ .venv/for-demo

clean:
	rm -rf .venv .venv-integrations node_modules jupyter_viz/labextension labextension/lib dist
