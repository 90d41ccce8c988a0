"""`make trust`: the long trials, one after the other, and a table of their figures.

    python -m bench.trust [--seed 1] [--quick]

Each part is a program of its own that ends with 0 where everything held, and says in lines that
begin with FIGURES what it did: runs, kills, requests, guesses, people, events a second, errors.
The table at the end has a line for each part and these below it. Exit 1 where one did not hold.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
_LONGEST_S = 420
_FIGURES = "FIGURES "
_PROOFS = ("otp", "accounts/test_log_in.py", "backup", "keys", "migrations", "core", "audit")
_PASSED = re.compile(r"(\d+ (?:passed|failed|error)\S*(?:, \d+ \w+)*)")


@dataclass
class Part:
    """What is tried, the module with its arguments, and what came of it."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    figures: list[str] = field(default_factory=list)
    held: bool = False
    seconds: float = 0.0


def parts(seed: int, *, quick: bool) -> list[Part]:
    kills, others, seconds = ("2", "1", "5") if quick else ("5", "1", "60")
    events = "100000" if quick else "1000000"
    tests = ["pytest", "-q", "-s", "-p", "no:warnings"]
    crash = ["bench.crash", "--seed", str(seed), "--kills", kills, "--others", others]
    return [
        Part("16 people, SQLite and PostgreSQL", ["bench.people", "--seconds", seconds]),
        Part("log: a million events, 8 writers", ["bench/audit_chain.py", "--events", events]),
        Part("kills, frozen, doubled, starved", crash),
        Part("PostgreSQL killed under a worker", [*tests, "tests/crash/test_postgresql_gone.py"]),
        Part(
            "hostile values, others' things, methods, the real server",
            [*tests, "tests/trust", "--deselect", "tests/trust/test_people.py"],
            {} if quick else {"PORTAL_TRUST_LONG": "1"},
        ),
        Part(
            "guesses, proofs with age, drills, keys, upgrade, clocks, chain",
            [*tests, "-n", "2", *(f"tests/{name}" for name in _PROOFS)],
        ),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="each part, but little of it")
    asked = parser.parse_args()
    done = parts(asked.seed, quick=asked.quick)
    for part in done:
        print(f"== {part.name}", flush=True)
        try_out(part)
    print(
        f"\nseed {asked.seed}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end\n"
    )
    for part in done:
        print(f"{part.name:58} {verdict(part.held):13} {part.seconds:5.0f} s")
        for line in part.figures:
            print(f"    {line}")
    held = all(part.held for part in done)
    print(f"{'all':58} {verdict(held):13} {sum(part.seconds for part in done):5.0f} s")
    return 0 if held else 1


def verdict(held: bool) -> str:
    return "held" if held else "DID NOT HOLD"


def try_out(part: Part) -> None:
    """Run it; its lines are passed on as they come, its figures kept."""
    began = time.monotonic()
    process = subprocess.Popen(
        [
            sys.executable,
            "-u",
            *(() if part.command[0].endswith(".py") else ("-m",)),
            *part.command,
        ],
        cwd=_ROOT,
        env={**os.environ, **part.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    too_long = threading.Timer(_LONGEST_S, process.kill)
    too_long.start()
    for line in process.stdout or ():
        sys.stdout.write(line)
        sys.stdout.flush()
        keep_figures(part, line.strip())
    part.held = process.wait() == 0
    too_long.cancel()
    part.seconds = time.monotonic() - began


def keep_figures(part: Part, line: str) -> None:
    if _FIGURES in line:
        part.figures.append(line.partition(_FIGURES)[2])
    elif part.command[0] == "pytest" and (found := _PASSED.search(line)):
        part.figures.append(f"tests: {found[1]}")


if __name__ == "__main__":
    sys.exit(main())
