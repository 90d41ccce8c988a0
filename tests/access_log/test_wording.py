"""No code of the log is without its Korean wording."""

from __future__ import annotations

import ast
from pathlib import Path

from flask import Flask

import portal
from portal.access_log.wording import ACTIONS, Group, codes_of, words
from portal.accounts.changes import Kind
from portal.applications.states import Action

PACKAGE = Path(portal.__file__).parent
#: Functions whose first argument is a code of the log.
RECORDERS = {"record", "record_alone", "note"}
#: Codes made of parts: the constant beginning, which the table must continue.
MADE = {"application.", "account.", "package."}


def recorded() -> tuple[set[str], set[str]]:
    """Codes that stand in the source whole, and the beginnings of those that are put together."""
    whole, begun = set(), set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in RECORDERS:
                for part in branches(node.args[0]):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        whole.add(part.value)
                    elif isinstance(part, ast.JoinedStr):
                        first = part.values[0]
                        begun.add(first.value if isinstance(first, ast.Constant) else "")
    return whole, begun


def branches(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.IfExp):
        return [*branches(node.body), *branches(node.orelse)]
    return [node]


def test_every_code_in_the_source_has_a_wording() -> None:
    whole, begun = recorded()
    assert len(whole) > 30, "the source was not read"
    assert sorted(whole - set(ACTIONS)) == []
    assert begun <= MADE, "a new family of codes: give it its wordings and name it here"


def test_what_is_put_together_has_its_wordings_too() -> None:
    made = {f"application.{action}" for action in Action}
    made |= {f"account.{kind}_{a}" for kind in Kind for a in ("asked", "confirmed", "declined")}
    assert sorted(made - set(ACTIONS)) == []


def test_every_group_of_the_filter_finds_something() -> None:
    assert all(codes_of(group) for group in Group)


def test_a_code_that_nobody_knows_any_more_is_shown_as_it_is(app: Flask) -> None:
    assert words("old.code") == "old.code"
    assert words("view") == "조회"
