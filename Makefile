# 安规库: two commands set everything up on a fresh machine with Python >= 3.11 and make.
#   make demo                         index and site over the core laws; ends by saying what to open
#   make demo CORPUS=path/to/folder   the same with your own documents
#   make test                         the quick tests (at most five minutes)

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	2>/dev/null && { echo $$p; break; }; done)
VENV ?= .venv
BIN := $(VENV)/bin
CORPUS ?=
LAWS ?= core
WORKERS ?= auto
CORPUS_ARGS := $(if $(CORPUS),--corpus "$(CORPUS)")

.PHONY: demo test test-all lint bench clean setup setup-test setup-browser

$(VENV)/.base: pyproject.toml
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11 或更新的版本（找不到）。请安装后重试，或 make PYTHON=路径"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.test: $(VENV)/.base
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	@touch $@

$(VENV)/.browser: $(VENV)/.test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev,browser]"
	@touch $@

setup: $(VENV)/.base
setup-test: $(VENV)/.test
setup-browser: $(VENV)/.browser

demo: $(VENV)/.base
	$(BIN)/kb build --laws $(LAWS) $(CORPUS_ARGS)
	$(BIN)/kb status --summary
	$(BIN)/kb search "看见隐患跟谁报告" --top 3
	$(BIN)/kb site
	@echo
	@echo "完成。打开网站：$(BIN)/kb preview ，然后用浏览器访问它给出的地址"
	@echo "在终端检索：$(BIN)/kb search \"安全生产法第25条\""

# pages in a browser are for the full suite: they take as long as all the rest
test: $(VENV)/.test
	$(BIN)/python -m pytest -q -n $(WORKERS) -m "not browser" --durations=20

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test-all: $(VENV)/.browser
	CI=true $(BIN)/python -m pytest -q -n $(WORKERS) --durations=20

bench: $(VENV)/.base
	$(BIN)/python benchmarks/bench_build.py
	$(BIN)/python benchmarks/bench_search.py

clean:
	rm -rf build $(VENV)
