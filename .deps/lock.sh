#!/usr/bin/env bash
# Renews the hash locks of the Python packages (needs uv, which PyPI carries). Run by `make lock`.
set -euo pipefail
cd "$(dirname "$0")/.."
compile() { uv pip compile --universal --generate-hashes --no-header --no-annotate --python-version 3.11 -q "$@"; }
compile --extra postgresql pyproject.toml .deps/build.in -o .deps/python.txt
compile --extra postgresql --group dev -c .deps/python.txt pyproject.toml .deps/build.in -o .deps/python-dev.txt
compile .deps/node.in -o .deps/node.txt
