"""Applications in numbers: three queries, made ahead where they take long.

The months are bounds in the query, so that both databases cut them at Seoul's midnights.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from math import ceil
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
)

from portal import clock
from portal.accounts.models import Department, Posting
from portal.applications.models import Application
from portal.applications.states import State
from portal.dashboard.period import LENGTHS, Period
from portal.extensions import db
from portal.figures.counted import Count, Figure, figure

#: What became of an application, in three words; drafts are nobody's business.
OUTCOMES: dict[str, tuple[State, ...]] = {
    "승인": (State.APPROVED, State.HANDED_OVER, State.CLOSED),
    "처리 중": (State.SUBMITTED, State.RECEIVED, State.SUPPLEMENT_REQUESTED, State.REVIEWED),
    "거절·취하 등": (State.REFUSED, State.WITHDRAWN, State.NOT_FOUND, State.EXPIRED),
}
GROUNDS = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Took:
    """Calendar days from 신청 to the decision: how many, the middle, and nine tenths."""

    decided: int
    median: int | None
    p90: int | None


@dataclass(frozen=True)
class Cases:
    """Of the applications made in each month: their states now, and how long they took; of all,
    how long they took, and whose they are and on what ground (see `_whose`).

    `counted_at` is None where they were counted for this page.
    """

    months: list[Counter[State]]
    took: list[Took]
    took_all: Took
    departments: list[tuple[str, Counter[int]]]
    counted_at: datetime | None


def cases_of(period: Period) -> Cases:
    shown = figure(_name(period.length), partial(_count, period))
    if shown.value["since"] != period.months[0].isoformat():  # the month has turned since
        shown = Figure(_count(period), None)
    counted = shown.value
    months: list[Counter[State]] = [Counter() for _ in period.months]
    for number, state, count in counted["states"]:
        months[number][State(state)] = count
    days: list[Counter[int]] = [Counter() for _ in period.months]
    for number, took, count in counted["days"]:
        days[number][max(took, 0)] += count
    whose: dict[str, Counter[int]] = {}
    for name, ground, count in counted["whose"]:
        whose.setdefault(name or "", Counter())[ground] += count
    return Cases(
        months,
        [_took(of_month) for of_month in days],
        _took(sum(days, Counter())),
        sorted(whose.items(), key=lambda item: (-item[1].total(), item[0])),
        shown.counted_at,
    )


def _name(months: int) -> str:
    return f"dashboard.cases.{months}"


def _count(period: Period) -> dict[str, Any]:
    asked = {"states": _states(period), "days": _days_to_decision(period), "whose": _whose(period)}
    found = {name: [list(row) for row in db.session.execute(q)] for name, q in asked.items()}
    return {"since": period.months[0].isoformat(), **found}


def _count_latest(months: int) -> dict[str, Any]:
    return _count(Period.latest(months))


FIGURES: dict[str, Count] = {_name(length): partial(_count_latest, length) for length in LENGTHS}


def _states(period: Period) -> Select[Any, Any, int]:
    """How many applications were made in each month, by their state now."""
    month = _month(period)
    counted = select(month, Application.state, func.count()).where(*_made_in(period))
    return counted.group_by(month, Application.state)


def _days_to_decision(period: Period) -> Select[Any, Any, int]:
    month, days = _month(period), _days()
    counted = select(month, days, func.count())
    decided = Application.decided_at.is_not(None)
    return counted.where(*_made_in(period), decided).group_by(month, days)


def _whose(period: Period) -> Select[Any, Any, int]:
    """The office at whose counter it was entered, else the department the employee is in today;
    those who are in none today, and agencies (공문), have no name."""
    today = clock.today()
    sits = and_(
        Posting.person_id == Application.applicant_id,
        Posting.from_on <= today,
        or_(Posting.until_on.is_(None), Posting.until_on > today),
    )
    place = func.coalesce(Application.office_id, Posting.department_id)
    return (
        select(Department.name, Application.ground, func.count())
        .select_from(Application)
        .outerjoin(Posting, sits)
        .outerjoin(Department, Department.id == place)
        .where(*_made_in(period))
        .group_by(Department.name, Application.ground)
    )


def _made_in(period: Period) -> tuple[ColumnElement[bool], ...]:
    return Application.submitted_at >= period.start, Application.state != State.DRAFT


def _month(period: Period) -> ColumnElement[int]:
    """The number of the month in the period: 0 for the first."""
    ends = [
        (Application.submitted_at < clock.midnight(following), _literal(number))
        for number, following in enumerate(period.months[1:])
    ]
    return case(*ends, else_=_literal(period.length - 1))


def _literal(number: int) -> ColumnElement[int]:
    return literal_column(str(number), Integer)


def _days() -> ColumnElement[int]:
    """Days between two dates in Seoul, which keeps no summer time."""
    made, decided = Application.submitted_at, Application.decided_at
    if db.engine.dialect.name == "sqlite":
        first, last = (func.julianday(func.date(at, "+9 hours")) for at in (made, decided))
        return cast(last - first, Integer)
    first, last = (func.date(func.timezone("Asia/Seoul", at)) for at in (made, decided))
    return last - first


def _took(days: Counter[int]) -> Took:
    return Took(days.total(), _at(days, 0.5), _at(days, 0.9))


def _at(days: Counter[int], share: float) -> int | None:
    """The smallest number of days within which this share was decided."""
    wanted, seen = ceil(days.total() * share), 0
    for took in sorted(days):
        seen += days[took]
        if seen >= wanted:
            return took
    return None


def day_names(days: list[date]) -> list[str]:
    """`11. 24.` for each day."""
    return [f"{day.month}. {day.day}." for day in days]
