"""docs/security.md names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def test_every_test_named_for_a_promise_exists() -> None:
    text = (ROOT / "docs/security.md").read_text("utf-8")
    named = _NAMED.findall(text)

    missing = [
        f"{path}::{name}"
        for path, name in named
        if not (ROOT / path).exists()
        or (name and not re.search(rf"^def {name}\(", (ROOT / path).read_text("utf-8"), re.M))
    ]

    assert len(named) > 20
    assert missing == []


def test_every_promise_names_a_test() -> None:
    text = (ROOT / "docs/security.md").read_text("utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    promises = [row for row in rows if not row.startswith("| promise ")]

    assert [row for row in promises if not _NAMED.search(row)] == []
