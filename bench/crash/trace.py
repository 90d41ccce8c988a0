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
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

#: Every call after which something is on the disk, or gone from it.
CALLS = ("fsync", "fdatasync", "rename", "unlink", "link", "rmdir", "ftruncate", "pwrite64")
#: What a full disk refuses.
WRITES = ("pwrite64", "fsync", "fdatasync")
_LONGEST_S = 120
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
    onwards: bool = False

    def __str__(self) -> str:
        return f"{self.action} at {self.call} {self.number}"

    @property
    def option(self) -> str:
        """As strace takes it."""
        return f"inject={self.call}:{self.action}:when={self.number}{'+' if self.onwards else ''}"


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


def run_plainly(command: list[str], environment: dict[str, str], before: Sequence[str] = ()) -> Ran:
    """`python -m` the command, undisturbed and unwatched."""
    ran = subprocess.run(
        [*before, sys.executable, "-B", "-m", *command],
        env={**_inherited(), **environment},
        capture_output=True,
        text=True,
        timeout=_LONGEST_S,
    )
    return Ran(ran.returncode, [], ran.stdout + ran.stderr)


def run(command: list[str], environment: dict[str, str], inject: Injection | None = None) -> Ran:
    """`python -m` the command; the calls it made, in order."""
    with tempfile.NamedTemporaryFile(suffix=".trace") as log:
        ran = subprocess.run(
            [*_strace(log.name, inject), sys.executable, "-B", "-m", *command],
            env={**_inherited(), **environment},
            capture_output=True,
            text=True,
            timeout=_LONGEST_S,
        )
        lines = Path(log.name).read_text("utf-8", "replace").splitlines()
    calls = [call for line in lines if (call := _parsed(line))]
    return Ran(ran.returncode, calls, ran.stdout + ran.stderr)


@dataclass(frozen=True)
class Started:
    """A command that runs beside others."""

    process: subprocess.Popen[bytes]

    def is_stopped(self, seconds: float) -> bool:
        """Whether it came to the call at which it is frozen, before it ended."""
        until, seen = time.monotonic() + seconds, -1
        while time.monotonic() < until and self.process.poll() is None:
            now = self._switches()
            if now == seen and self._stopped():
                return True
            seen = now
            time.sleep(0.15)
        return False

    def go_on(self) -> None:
        for one in self._stopped():
            os.kill(one, signal.SIGCONT)

    def wait(self, seconds: float) -> int:
        return self.process.wait(seconds)

    def _stopped(self) -> list[int]:
        """Processes that are held: by strace for a moment at each call, by a signal for good."""
        return [one for one in _family(self.process.pid) if _status(one, "State").startswith("t")]

    def _switches(self) -> int:
        """How often strace woke so far: it sleeps on while what it traces is stopped."""
        return int(_status(self.process.pid, "voluntary_ctxt_switches") or 0)


def start(
    command: list[str], environment: dict[str, str], inject: Injection | None = None
) -> Started:
    """Begin the command, watched where something is injected."""
    strace = _strace(os.devnull, inject) if inject else []
    return Started(
        subprocess.Popen(
            [*strace, sys.executable, "-B", "-m", *command],
            env={**_inherited(), **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    )


def _strace(log: str, inject: Injection | None) -> list[str]:
    strace = ["strace", "-f", "-qq", "-y", "-o", log, "-e", f"trace={','.join(CALLS)}"]
    if not inject or not inject.action.startswith("signal"):
        strace.append("--seccomp-bpf")  # far faster, but it swallows signals (strace 6.1)
    return [*strace, "-e", inject.option] if inject else strace


def _status(pid: int, name: str) -> str:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(f"{name}:"):
                return line.partition(":")[2].strip()
    return ""


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    found = [int(one) for one in children.read_text().split()] if children.exists() else []
    return found + [grandchild for child in found for grandchild in _family(child)]


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
