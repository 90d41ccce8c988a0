"""What one article promises, what enforces it, and whether it holds at this moment."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from sqlalchemy import Select, func, select

from portal import clock
from portal.access import Permission
from portal.extensions import db
from portal.moments import stands_still
from portal.runtime import runtime


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


#: A check that asks for numbers and is told them: `late, held = yield lambda: (number_of(…), …)`.
#: Making the statement takes longer than asking it, so it is made once a day: what `lambda` makes
#: may hang on the settings and the day, not on the moment (`portal.moments`).
Asking = Generator[Callable[[], Sequence[Select[Any]]], list[Any], Check]


def number_of(model: type[object], *conditions: object) -> Select[int]:
    """Asks how many rows of a table fit the conditions."""
    return select(func.count()).select_from(model).where(*conditions)  # type: ignore[arg-type]


def latest(order: Any, *columns: Any, where: Any = None) -> Sequence[Select[Any]]:
    """Asks for these columns of the first row in an order; None where there is none."""
    chosen = (select(column).order_by(order).limit(1) for column in columns)
    return [one if where is None else one.where(where) for one in chosen]


def told_together(checks: Sequence[Callable[[], Check | Asking]], *depends: Any) -> list[Check]:
    """Every check in its order; the numbers that all of them ask for are asked in one statement.

    `depends`: on what it depends, besides the day, which numbers are asked.
    """
    day = clock.today()
    begun = [check() for check in checks]
    makes = [next(asking) for asking in begun if not isinstance(asking, Check)]
    statement, lengths = _kept(makes, ("told together", day, *depends))
    numbers = iter(db.session.execute(statement).one())
    of_each = (list(islice(numbers, length)) for length in lengths)
    return [one if isinstance(one, Check) else _end(one, next(of_each)) for one in begun]


def _kept(
    makes: Sequence[Callable[[], Sequence[Select[Any]]]], key: tuple[Any, ...]
) -> tuple[Select[Any], list[int]]:
    """One statement of all these, and how many numbers each of them is told."""
    kept = runtime().statements
    if key not in kept:
        asked = [[one.scalar_subquery() for one in make()] for make in makes]
        statement = select(*chain.from_iterable(asked))
        if stands_still(statement):
            raise ValueError("a moment in a kept statement: ask portal.moments for it")
        for old in [one for one in list(kept) if one[0] == key[0] and one[1] != key[1]]:
            del kept[old]
        kept[key] = statement, [len(one) for one in asked]
    found: tuple[Select[Any], list[int]] = kept[key]
    return found


def _end(asking: Asking, numbers: list[Any]) -> Check:
    try:
        asking.send(numbers)
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
