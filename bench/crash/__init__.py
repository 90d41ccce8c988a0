"""Kills real portal processes at the n-th call that makes something durable, by strace."""

import sys
from pathlib import Path

# The tests' helpers: factories, samples of sound, a filled database.
sys.path.append(str(Path(__file__).resolve().parents[2] / "tests"))
