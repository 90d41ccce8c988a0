"""What one article promises, what enforces it, and whether it holds at this moment."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
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


#: A check that asks for numbers and is told them: `late, held = yield number_of(…), number_of(…)`.
Asking = Generator[Sequence[Select[Any]], list[Any], Check]


def number_of(model: type[object], *conditions: object) -> Select[int]:
    """Asks how many rows of a table fit the conditions."""
    return select(func.count()).select_from(model).where(*conditions)  # type: ignore[arg-type]


def latest(order: Any, *columns: Any, where: Any = None) -> Sequence[Select[Any]]:
    """Asks for these columns of the first row in an order; None where there is none."""
    chosen = (select(column).order_by(order).limit(1) for column in columns)
    return [one if where is None else one.where(where) for one in chosen]


def told_together(checks: Sequence[Callable[[], Check | Asking]]) -> list[Check]:
    """Every check in its order; the numbers that all of them ask for are asked in one statement."""
    begun = [check() for check in checks]
    wanted = {n: next(asking) for n, asking in enumerate(begun) if not isinstance(asking, Check)}
    asked = [statement.scalar_subquery() for one in wanted.values() for statement in one]
    numbers = iter(db.session.execute(select(*asked)).one())
    done = []
    for n, check in enumerate(begun):
        done.append(check if isinstance(check, Check) else _end(check, wanted[n], numbers))
    return done


def _end(asking: Asking, wanted: Sequence[Select[Any]], numbers: Iterator[Any]) -> Check:
    try:
        asking.send([next(numbers) for _ in wanted])
    except StopIteration as end:
        check: Check = end.value
        return check
    raise RuntimeError("a check asks once")


def numbers_by(statement: Select[Any, int]) -> dict[Any, int]:
    """What a grouped count finds, by its first column."""
    rows = db.session.execute(statement)
    return {row[0]: row[1] for row in rows}


def problems(*found: tuple[bool, str]) -> tuple[str, ...]:
    """The sentences whose condition is true."""
    return tuple(text for wrong, text in found if wrong)
