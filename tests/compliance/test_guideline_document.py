"""docs/guideline.md names nothing that does not exist, and leaves no article out."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs/guideline.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`((?:portal|tests)/[^`]+)`", DOCUMENT)))


@cache
def functions_of(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("name", NAMED)
def test_what_is_named_exists(name: str) -> None:
    path, _, test = name.partition("::")
    assert (ROOT / path).is_file(), path
    if test:
        assert test in functions_of(ROOT / path), name


def test_every_article_is_there_with_a_file_and_a_test() -> None:
    sections = DOCUMENT.split("\n## ")[1:-1]
    articles = {re.match(r"제(\d+)조", section).group(1) for section in sections}  # type: ignore[union-attr]
    assert articles == {str(number) for number in range(2, 12)}
    for section in sections:
        assert "`portal/" in section and "::test_" in section, section[:40]
