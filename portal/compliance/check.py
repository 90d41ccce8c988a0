"""What one article promises, what enforces it, and whether it holds at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from portal.access import Permission
from portal.extensions import db


@dataclass(frozen=True)
class Link:
    """A page with more about it, for those who may open it."""

    label: str
    endpoint: str
    permission: Permission


@dataclass(frozen=True)
class Check:
    """`problems` say what does not hold and what to do; a check without any is green.

    `unseen`: no software can see it; the evidence then says what a person has to look at.
    """

    article: str
    promise: str
    enforced: str
    evidence: tuple[str, ...]
    problems: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    unseen: bool = False

    @property
    def holds(self) -> bool:
        return not self.problems


def count(statement: Select[int]) -> int:
    """The number a `select(func.count())` finds."""
    return db.session.scalar(statement) or 0


def number_of(model: type[object], *conditions: object) -> int:
    """How many rows of a table fit the conditions."""
    return count(select(func.count()).select_from(model).where(*conditions))  # type: ignore[arg-type]


def numbers_by(statement: Select[Any, int]) -> dict[Any, int]:
    """What a grouped count finds, by its first column."""
    rows = db.session.execute(statement)
    return {row[0]: row[1] for row in rows}


def problems(*found: tuple[bool, str]) -> tuple[str, ...]:
    """The sentences whose condition is true."""
    return tuple(text for wrong, text in found if wrong)
