"""What 접수함 shows of an application: plain values, one statement for a page of them.

Making objects of the applications with all that belongs to them took most of the page's time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, func, select, true
from sqlalchemy.orm import aliased

from portal import clock
from portal.accounts.models import Account, Person
from portal.applications import due, progress
from portal.applications.models import (
    Application,
    ApplicationRecording,
    ApprovalStep,
    Transition,
)
from portal.applications.receive import is_in_hand
from portal.applications.states import Action, State
from portal.extensions import db
from portal.recordings.models import Recording
from portal.web.paging import Lines

_SHOWN = (
    "id",
    "public_id",
    "control_no",
    "state",
    "ground",
    "applicant_kind",
    "applicant_id",
    "applicant_name",
    "entered_by_id",
    "caller_number",
    "callee_number",
    "asked_from",
    "submitted_at",
    "due_on",
    "forwarded_at",
)


@dataclass(frozen=True)
class Line:
    """One application; `of_it` has the columns of `_page`."""

    of_it: Any

    @property
    def days(self) -> int | None:
        return progress.days_left(self.of_it)

    @property
    def gone_on(self) -> date | None:
        """As `due.first_deletion`."""
        row = self.of_it
        return due.first_known(row.first_living or row.first_matched or row.asked_gone_on, row)

    @property
    def sent_back(self) -> bool:
        """It lies with the custodian because of an approver's 반려."""
        return is_in_hand(self.of_it) and self.of_it.last_action == Action.RETURN

    @property
    def step_title(self) -> str:
        """The step of the 결재 that is due; empty where it does not lie there."""
        row = self.of_it
        with_approvers = row.forwarded_at and row.state in (State.RECEIVED, State.REVIEWED)
        return (row.due_step or "") if with_approvers else ""

    def concerns(self, account: Account) -> bool:
        """It is their own, or they entered it."""
        row = self.of_it
        return bool(row.applicant_id == account.person_id or row.entered_by_id == account.id)


def lines() -> Lines:
    """For `paginate`."""
    return Application.id, _read


def _read(ids: Sequence[int]) -> list[Line]:
    rows = db.session.execute(_page(), {"ids": list(ids), "today": clock.today()})
    found = {row.id: Line(row) for row in rows}
    return [found[one] for one in ids]


@cache
def _page() -> Select[Any]:
    asked, receiver = aliased(Recording), aliased(Account)
    living = Recording.destroyed_at.is_(None) & (Recording.delete_on > bindparam("today"))
    return (
        select(
            *(getattr(Application, name) for name in _SHOWN),
            (Application.ground >= 3).label("is_official"),
            Person.name.label("receiver"),
            asked.delete_on.label("asked_gone_on"),
            _first_deletion(living).label("first_living"),
            _first_deletion(true()).label("first_matched"),
            _first(_due_step()).label("due_step"),
            _first(_last_action()).label("last_action"),
        )
        .outerjoin(asked, asked.id == Application.asked_recording_id)
        .outerjoin(receiver, receiver.id == Application.received_by_id)
        .outerjoin(Person, Person.id == receiver.person_id)
        .where(Application.id.in_(bindparam("ids", expanding=True)))
    )


def _first_deletion(which: ColumnElement[bool]) -> ScalarSelect[date]:
    """Of the matched recordings."""
    first = select(func.min(Recording.delete_on)).join(
        ApplicationRecording, ApplicationRecording.recording_id == Recording.id
    )
    of_it = ApplicationRecording.application_id == Application.id
    return first.where(of_it, which).correlate(Application).scalar_subquery()


def _due_step() -> Select[str]:
    undecided = ApprovalStep.decided_at.is_(None)
    chosen = select(ApprovalStep.title).where(
        ApprovalStep.application_id == Application.id, undecided
    )
    return chosen.order_by(ApprovalStep.position)


def _last_action() -> Select[str]:
    chosen = select(Transition.action).where(Transition.application_id == Application.id)
    return chosen.order_by(Transition.id.desc())


def _first(chosen: Select[str]) -> ScalarSelect[str]:
    return chosen.limit(1).correlate(Application).scalar_subquery()
