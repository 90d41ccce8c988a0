# `make` or `make help` explains every target.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check --no-input
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help run demo-reset test test-fast check format papers pictures audit lock install install-dev clean bench

help:  ## 이 도움말 / this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: install  ## 준비하고 데모 포털을 띄웁니다 (PORT=8000) / prepare everything, serve the demo portal
	@$(BIN)/portal demo --serve --port $(PORT)

demo-reset: install  ## 데모 데이터를 지우고 다시 만듭니다 / throw the demo's data away and make it anew
	@$(BIN)/portal demo --reset

test: install-dev  ## 모든 시험 (실제 브라우저 포함) / every test, real browser included
	@$(BIN)/python .deps/find_chromium.py && $(BIN)/python .deps/find_tools.py
	@$(BIN)/pytest -n 2

test-fast: install-dev  ## 브라우저 없는 시험만 / the tests without a browser
	@$(BIN)/python .deps/find_tools.py
	@$(BIN)/pytest -n 2 --ignore tests/browser

check: install-dev  ## 형식·타입·구조 검사 / ruff, mypy, import-linter
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports

format: install-dev  ## 코드 형식 맞추기 / format and fix
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

trust: install-dev  ## 신뢰 시험의 긴 판 (15분 이내) / the long trials: kills, full disks, chain, deletion
	@$(BIN)/python .deps/find_tools.py
	@$(BIN)/python -m bench.trust

audit:  ## 알려진 취약점이 있는 패키지 찾기 (인터넷 필요) / known weaknesses of the locked packages
	@PYTHON=$(PYTHON) bash .deps/audit.sh

bench: install-dev  ## 큰 도시의 양으로 재기 (OF=0.2는 5분의 1) / measure at a city's volume, one table
	@$(BIN)/python bench/every.py --of $(or $(OF),1.0)

papers: install-dev  ## 모든 문서를 PDF와 PNG로 (papers/) / every paper with typical, longest, strangest data
	@$(BIN)/python bench/papers.py papers

pictures: install-dev  ## 모든 화면을 역할·상태·너비마다 PNG로 (pictures/) / every page, role, state and width
	@$(BIN)/python bench/pictures.py pictures

lock: install-dev  ## 잠금 파일 갱신 (uv 필요) / renew the hash locks
	@bash .deps/lock.sh && cd .deps && npm install --package-lock-only

install: .venv/run.stamp .deps/browser.stamp  ## 실행에 필요한 것만 설치 / what running needs
install-dev: .venv/dev.stamp .deps/browser.stamp  ## 시험에 필요한 것까지 설치 / what testing needs too

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 이상이 필요합니다 (PYTHON=python3.12 make …)" >&2; exit 2; }
	@echo "가상환경을 만듭니다 / making .venv"
	@$(PYTHON) -m venv .venv

.venv/run.stamp: .deps/python.txt pyproject.toml | .venv/bin/python
	@echo "파이썬 패키지를 설치합니다 / installing Python packages"
	@$(PIP) --require-hashes -r .deps/python.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: .deps/python-dev.txt .venv/run.stamp
	@echo "시험 도구를 설치합니다 / installing test tools"
	@$(PIP) --require-hashes -r .deps/python-dev.txt
	@touch $@

.deps/browser.stamp: .deps/package-lock.json .deps/install_browser_files.py | .venv/bin/python
	@echo "화면용 스크립트와 글꼴을 설치합니다 / installing scripts and fonts"
	@$(BIN)/python .deps/install_browser_files.py
	@touch $@

clean:  ## 설치한 것을 지웁니다 (instance/는 남김) / remove what was installed; instance/ stays
	@rm -rf .venv .deps/node_modules .deps/node_env .deps/browser.stamp static/vendor static/fonts
