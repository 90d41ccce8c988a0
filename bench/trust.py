"""`make trust`: the long trials, one after the other, and a table of their figures.

    python -m bench.trust [--seed 1]

Each part is a program of its own that ends with 0 where everything held. Its lines are printed as
they come; the table at the end has a line for each part. Exit 1 where one did not hold.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
_LONGEST_S = 600


@dataclass(frozen=True)
class Part:
    """What is tried, and the module with its arguments."""

    name: str
    command: list[str]


def parts(seed: int) -> list[Part]:
    crash = ["bench.crash", "--seed", str(seed), "--kills", "6", "--full-disks", "2"]
    proofs = ["pytest", "-q", "tests/backup", "tests/keys"]
    return [
        Part("16 people for a minute, SQLite and PostgreSQL", ["bench.people"]),
        Part("log: 1,000,000 events, 8 writers", ["bench.audit_chain"]),
        Part("kills at fsync, rename, unlink; full disks", crash),
        Part("proofs with age, drills, key changes", proofs),
        Part("upgrade of a filled database", ["pytest", "-q", "tests/migrations"]),
        Part("clocks, moved values, chain", ["pytest", "-q", "tests/core", "tests/audit"]),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    seed = parser.parse_args().seed
    rows, bad = [], 0
    for part in parts(seed):
        print(f"== {part.name}", flush=True)
        began = time.monotonic()
        held = _held(part)
        bad += not held
        rows.append((part.name, "held" if held else "DID NOT HOLD", time.monotonic() - began))
    print(f"\nseed {seed}")
    for name, verdict, seconds in rows:
        print(f"{name:44} {verdict:14} {seconds:6.0f} s")
    print(f"{'all':44} {'held' if not bad else 'DID NOT HOLD':14} {sum(r[2] for r in rows):6.0f} s")
    return 1 if bad else 0


def _held(part: Part) -> bool:
    try:
        command = [sys.executable, "-m", *part.command]
        return subprocess.run(command, cwd=_ROOT, timeout=_LONGEST_S).returncode == 0
    except subprocess.TimeoutExpired:
        return False


if __name__ == "__main__":
    sys.exit(main())
