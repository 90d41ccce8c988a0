"""Sixteen people work the road for a minute, on SQLite and on PostgreSQL, in this process.

    python -m bench.people [--seconds 60]

`tests/trust/people.py` says who does what and what must hold afterwards: no error, no lost update,
no number twice, every deed in the history once, the chain sound. Exit 1 where it does not.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
_TEST = "tests/trust/test_people.py"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    environment = {**os.environ, "PORTAL_PEOPLE_S": str(parser.parse_args().seconds)}
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:warnings", _TEST]
    return subprocess.run(command, cwd=_ROOT, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
