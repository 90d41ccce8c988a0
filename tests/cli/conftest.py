"""The console script in a process of its own, on a data folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def portal(tmp_path: Path) -> Run:
    """`portal("init", "--json")` with PORTAL_DATA in an empty folder."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("PORTAL_")}
        return subprocess.run(
            [sys.executable, "-m", "portal.cli", *arguments],
            env={**inherited, "PORTAL_DATA": str(tmp_path / "data"), **environment},
            capture_output=True,
            text=True,
            timeout=120,
        )

    return run
