"""docs/guideline.md names nothing that does not exist, and leaves no article and no story out."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs/guideline.md").read_text("utf-8")
STORIES = sorted((ROOT / "tests/browser/articles").glob("test_*.py"))

_ITEM = re.compile(r"^- (.*)$", re.MULTILINE)
_NAME = re.compile(r"`((?:portal|tests)/[^`]*)`")


def items(document: str) -> list[str]:
    """What the lists below "Enforced in" and "Tested by" name, backticks and all."""
    sections = document.split("\n## ")[1:-1]
    return [item for section in sections for item in _ITEM.findall(section)]


def names(document: str) -> list[str]:
    """Every path or test in backticks, in lists and in sentences."""
    return sorted(set(_NAME.findall(document)))


@cache
def functions_of(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def is_there(name: str) -> bool:
    """Whether the file or folder exists, and the function in it where one is named."""
    path, _, function = name.partition("::")
    if path.endswith("/"):
        return not function and (ROOT / path).is_dir()
    if not (ROOT / path).is_file():
        return False
    return not function or function in functions_of(ROOT / path)


@pytest.mark.parametrize("name", names(DOCUMENT))
def test_what_is_named_exists(name: str) -> None:
    assert is_there(name), name


def test_every_item_of_the_lists_is_a_file_or_a_test_and_is_looked_at() -> None:
    for item in items(DOCUMENT):
        assert _NAME.fullmatch(item), item
        is_test = item.startswith("`tests/")
        assert is_test == ("::test_" in item), f"a test names its function: {item}"


@pytest.mark.parametrize(
    "wrong",
    [
        "portal/vault/no_such_file.py",
        "tests/compliance/no_such_test.py::test_anything",
        "tests/compliance/test_guideline_document.py::test_that_was_renamed",
        "portal/vault/store.py::no_such_function",
        "tests/no_such_folder/",
    ],
)
def test_a_name_that_is_missing_is_found(wrong: str) -> None:
    assert wrong in names(f"{DOCUMENT}\n- `{wrong}`\n")
    assert not is_there(wrong)


@pytest.mark.parametrize("slip", ["portal/vault/store.py", "`portl/vault/store.py`", "`x::test_y`"])
def test_a_slip_of_the_pen_is_no_name(slip: str) -> None:
    assert not _NAME.fullmatch(slip)


def test_every_article_is_there_with_a_file_a_test_and_a_story() -> None:
    sections = DOCUMENT.split("\n## ")[1:-1]
    articles = {match.group(1) for s in sections if (match := re.match(r"제(\d+)조", s))}
    assert articles == {str(number) for number in range(1, 12)}
    for section in sections:
        assert "`portal/" in section and "::test_" in section, section[:40]
        assert "`tests/browser/articles/" in section, section[:40]


def test_every_story_is_named() -> None:
    told = {
        f"{path.relative_to(ROOT)}::{name}"
        for path in STORIES
        for name in functions_of(path)
        if name.startswith("test_")
    }
    assert told and told <= set(names(DOCUMENT)), told - set(names(DOCUMENT))
