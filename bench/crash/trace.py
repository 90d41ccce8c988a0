"""Running a portal process under strace: killed or failed at a chosen call, or only written down.

strace injects into SQLite's own calls too, which no hook inside Python sees.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

#: Every call after which something is on the disk, or gone from it.
CALLS = ("fsync", "fdatasync", "rename", "unlink", "link", "rmdir", "ftruncate", "pwrite64")
#: What a full disk refuses.
WRITES = ("pwrite64", "fsync", "fdatasync")
_LINE = re.compile(r"^\d+ +(?P<call>\w+)\((?P<arguments>.*)\) += (?P<result>-?\d+)")
_PATH = re.compile(r"<([^<>]*)>|\"([^\"]*)\"")


@dataclass(frozen=True)
class Call:
    """One call that succeeded: its name and the path it was about (the target of a rename)."""

    name: str
    path: str


@dataclass(frozen=True)
class Injection:
    """`action` at the `number`-th `call` of the process: "signal=KILL", "error=ENOSPC"."""

    call: str
    number: int
    action: str = "signal=KILL"

    def __str__(self) -> str:
        return f"{self.action} at {self.call} {self.number}"


@dataclass(frozen=True)
class Ran:
    code: int
    calls: list[Call]
    said: str

    @property
    def was_killed(self) -> bool:
        return self.code in (-signal.SIGKILL, 128 + signal.SIGKILL)

    def counts(self) -> Counter[str]:
        return Counter(call.name for call in self.calls)


def run_plainly(command: list[str], environment: dict[str, str]) -> Ran:
    """`python -m` the command, undisturbed and unwatched."""
    ran = subprocess.run(
        [sys.executable, "-B", "-m", *command],
        env={**_inherited(), **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return Ran(ran.returncode, [], ran.stdout + ran.stderr)


def run(command: list[str], environment: dict[str, str], inject: Injection | None = None) -> Ran:
    """`python -m` the command; the calls it made, in order."""
    with tempfile.NamedTemporaryFile(suffix=".trace") as log:
        strace = ["strace", "-f", "-qq", "-y", "-o", log.name, "-e", f"trace={','.join(CALLS)}"]
        if not inject or not inject.action.startswith("signal"):
            strace.append("--seccomp-bpf")  # far faster, but it swallows signals (strace 6.1)
        if inject:
            strace += ["-e", f"inject={inject.call}:{inject.action}:when={inject.number}"]
        ran = subprocess.run(
            [*strace, sys.executable, "-B", "-m", *command],
            env={**_inherited(), **environment},
            capture_output=True,
            text=True,
            timeout=120,
        )
        lines = Path(log.name).read_text("utf-8", "replace").splitlines()
    calls = [call for line in lines if (call := _parsed(line))]
    return Ran(ran.returncode, calls, ran.stdout + ran.stderr)


def _inherited() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}


def _parsed(line: str) -> Call | None:
    found = _LINE.match(line)
    if not found or found["result"].startswith("-"):
        return None
    paths = [a or b for a, b in _PATH.findall(found["arguments"])]
    if not paths:
        return None
    return Call(found["call"], paths[-1] if found["call"] in ("rename", "link") else paths[0])
