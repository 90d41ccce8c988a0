"""docs/accessibility.md has each of the 33 items once and names nothing that does not exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs/accessibility.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`((?:portal|tests|templates|static)/[^`]+)`", DOCUMENT)))


def test_each_of_the_33_items_has_one_line() -> None:
    numbers = [int(number) for number in re.findall(r"^\| (\d+) \|", DOCUMENT, re.MULTILINE)]
    assert numbers == list(range(1, 34))


@pytest.mark.parametrize("name", NAMED)
def test_what_is_named_exists(name: str) -> None:
    path, _, test = name.partition("::")
    assert (ROOT / path).is_file(), path
    assert not test or f"\ndef {test}(" in (ROOT / path).read_text("utf-8"), name
