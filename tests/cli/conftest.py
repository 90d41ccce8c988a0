"""The console script in a process of its own, on a data folder of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Done = subprocess.CompletedProcess[str]
Run = Callable[..., Done]
_COMMANDS = Path(__file__).with_name("commands.py")
_ROOT = _COMMANDS.parents[2]


def surroundings(data: Path, **more: str) -> dict[str, str]:
    """The environment of this machine without another installation's, and PORTAL_DATA."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("PORTAL_")}
    return {**inherited, "PORTAL_DATA": str(data), **more}


def start(data: Path, *arguments: str) -> Done:
    """`python -m portal.cli` from the beginning, as a shell starts it."""
    return subprocess.run(
        [sys.executable, "-m", "portal.cli", *arguments],
        env=surroundings(data),
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="session")
def commands() -> Iterator[Callable[[dict[str, object]], int]]:
    """Runs one command in a process forked off where the modules are imported; its exit code."""
    process = subprocess.Popen(
        [sys.executable, str(_COMMANDS)],
        env={**surroundings(Path(os.devnull)), "PYTHONPATH": str(_ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:

        def run(order: dict[str, object]) -> int:
            assert process.stdin is not None
            assert process.stdout is not None
            print(json.dumps(order), file=process.stdin, flush=True)
            return int(process.stdout.readline())

        yield run


@pytest.fixture
def portal(tmp_path: Path, commands: Callable[[dict[str, object]], int]) -> Run:
    """`portal("init", "--json")` with PORTAL_DATA in an empty folder."""

    def run(*arguments: str, **environment: str) -> Done:
        out, err = tmp_path / "out", tmp_path / "err"
        code = commands(
            {
                "arguments": arguments,
                "environment": surroundings(tmp_path / "data", **environment),
                "out": str(out),
                "err": str(err),
            }
        )
        return Done(arguments, code, out.read_text("utf-8"), err.read_text("utf-8"))

    return run


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """An installation that `portal init --json` made, and what it said."""
    data = tmp_path_factory.mktemp("first") / "data"
    return data, start(data, "init", "--json")


@pytest.fixture
def installed(first: tuple[Path, Done], tmp_path: Path) -> Path:
    """A copy of it that `portal` works on: `tmp_path / "data"`."""
    return Path(shutil.copytree(first[0], tmp_path / "data"))
