# `make demo` opens JupyterLab on recorded runs; `make test` checks everything. Both work in .venv, made when missing.
PYTHON ?= python3
BIN := .venv/bin
FRONT_END := $(shell git ls-files labextension package.json yarn.lock 2>/dev/null)
ARGS ?=
# pip's build hooks and the tests look for jlpm and jupyter there.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: demo test lint test-python test-front-end test-integrations system java clean

demo: .venv/for-demo
	$(BIN)/jupyter viz demo $(ARGS)

test: lint test-front-end test-python

lint: .venv/for-test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/jlpm lint:check

test-front-end: .venv/for-test
	$(BIN)/jlpm tsc -p labextension --noEmit
	$(BIN)/jlpm test

# Two at a time: most of it is waiting for kernels and browsers. A file stays in one process, for what its tests share.
test-python: .venv/for-test system
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

# Foreign packages, each in an environment of its own below .venv-integrations; about ten minutes. ARGS: only some of them.
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
