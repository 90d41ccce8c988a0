"""What 결재대기함 shows of an application: plain values, one statement for a page of them.

Making objects of the applications with all that belongs to them took most of the page's time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from portal import clock
from portal.accounts.models import Account
from portal.applications.models import (
    Application,
    ApplicationRecording,
    ApprovalStep,
    Transition,
)
from portal.approvals.conflicts import conflicts_among
from portal.approvals.decide import DECISIONS
from portal.approvals.past import LEFT_BY
from portal.extensions import db
from portal.recordings.models import Recording

Place = tuple[bool, date, datetime, int]
_SHOWN = (
    "id",
    "public_id",
    "control_no",
    "state",
    "disclosure_type",
    "applicant_kind",
    "applicant_name",
    "relation_to_subject",
    "purpose",
    "entered_by_id",
    "is_official",
    "party_id",
    "asked_from",
    "due_on",
    "forwarded_at",
)


@dataclass(frozen=True)
class Line:
    """One application; `of_it` has the columns of `_page`. `conflict`: why it is for the acting
    person. `mine_at` of them is when one decided, or, in the past list, when it left the queue."""

    of_it: Any
    conflict: str | None

    @property
    def days(self) -> int | None:
        return days_left(self.of_it)

    @property
    def called_at(self) -> datetime | None:
        """The first call it is about, else the time that was named."""
        row = self.of_it
        first: datetime | None = row.matched_at or row.asked_at or row.asked_from
        return first

    @property
    def place(self) -> Place:
        return place_of(self.of_it)


def days_left(application: Any) -> int | None:
    """Whole days until the due date of an application or a line, negative after it."""
    due: date | None = application.due_on
    return None if due is None else (due - clock.today()).days


def place_of(application: Any) -> Place:
    """Where an application, or a line of one, stands in the waiting list, as the query sorts it."""
    due, forwarded = application.due_on, application.forwarded_at
    return (due is None, due or date.max, forwarded or clock.now(), application.id)


def lines_for(
    account: Account, *, done: bool = False, past: bool = False
) -> Callable[[Sequence[int]], list[Line]]:
    """What reads the lines of a tab, with why those that wait are not this account's."""

    def read(ids: Sequence[int]) -> list[Line]:
        given = {"ids": list(ids), "me": account.id}
        found = {row.id: row for row in db.session.execute(_page(past), given)}
        filled = [one for one, row in found.items() if row.filled]
        waiting = {} if done or past else found
        conflicts = conflicts_among(waiting.values(), account, filled)
        return [Line(found[one], conflicts.get(one)) for one in ids]

    return read


@cache
def _page(past: bool) -> Select[Any]:
    """`past`: with what took it out of the queue, else with what the account did last."""
    asked, last = aliased(Recording), aliased(Transition)
    own = Transition.by_id == bindparam("me")
    sought = Transition.action.in_(LEFT_BY) if past else Transition.action.in_(DECISIONS) & own
    return (
        select(
            *(getattr(Application, name).label(name) for name in _SHOWN),
            asked.called_at.label("asked_at"),
            _first_call().label("matched_at"),
            last.at.label("mine_at"),
            last.action.label("mine_action"),
            _of_it(select(func.count(Transition.id)), Transition).label("entries"),
            exists()
            .where(
                ApprovalStep.application_id == Application.id,
                ApprovalStep.decided_by_id == bindparam("me"),
            )
            .label("filled"),
        )
        .outerjoin(asked, asked.id == Application.asked_recording_id)
        .outerjoin(last, last.id == _of_it(select(func.max(Transition.id)), Transition, sought))
        .where(Application.id.in_(bindparam("ids", expanding=True)))
    )


def _first_call() -> ScalarSelect[datetime]:
    matched = select(Recording.called_at).join(
        ApplicationRecording, ApplicationRecording.recording_id == Recording.id
    )
    first = matched.order_by(ApplicationRecording.position).limit(1)
    return _of_it(first, ApplicationRecording)


def _of_it(chosen: Select[Any], table: Any, *which: ColumnElement[bool]) -> ScalarSelect[Any]:
    of_it = table.application_id == Application.id
    return chosen.where(of_it, *which).correlate(Application).scalar_subquery()
