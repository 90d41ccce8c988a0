"""결재대기함: what waits for a person's decision, the most urgent first, and what they decided."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from portal import clock
from portal.accounts.models import Account
from portal.applications.models import (
    Application,
    ApplicationRecording,
    ApprovalStep,
    Transition,
)
from portal.applications.states import Action
from portal.applications.wanted_text import says
from portal.approvals.conflicts import conflicts_among, is_barred, recordings_of
from portal.approvals.decide import DECISIONS, WAITING
from portal.approvals.past import left_by, past
from portal.approvals.standing import acting_for, away_today, earlier, holders_of
from portal.recordings.models import Recording
from portal.web.paging import Whole

Place = tuple[bool, date, datetime, int]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the filter box says; empty values do not narrow. Dates are days in Seoul."""

    done: bool = False
    #: What was in the queue and left it without this person's decision.
    past: bool = False
    state: str = ""
    disclosure_type: str = ""
    since: date | None = None
    until: date | None = None
    text: str = ""


@dataclass(frozen=True)
class Row:
    """A line of the list. `conflict`: why it is for the acting person; `mine`: what one did, or,
    in the past list, what took it out of the queue."""

    application: Application
    conflict: str | None
    mine: Transition | None

    @property
    def days(self) -> int | None:
        return days_left(self.application)

    @property
    def recording(self) -> Recording | None:
        """The first call it is about."""
        return next(iter(recordings_of(self.application)), None)

    @property
    def place(self) -> Place:
        return place_of(self.application)


def days_left(application: Application) -> int | None:
    """Whole days until the due date, negative after it."""
    due = application.due_on
    return None if due is None else (due - clock.today()).days


def place_of(application: Application) -> Place:
    """Where it stands in the waiting list, as the query sorts it."""
    due, forwarded = application.due_on, application.forwarded_at
    return (due is None, due or date.max, forwarded or clock.now(), application.id)


def statement(account: Account, wanted: Wanted) -> Select[Application]:
    """What waits for the account, the most urgent first, or what it decided, the newest first.

    To be paged; with all that `rows` reads, so that a page takes a fixed number of queries.
    """
    if wanted.past:
        chosen = past(account, _waiting(account))
    else:
        chosen = (_decided if wanted.done else _waiting)(account)
    return chosen.where(*_filters(wanted)).options(*_loaded())


def past_rows() -> Whole:
    """How the rows of the past list are loaded once it is known which."""
    return Application.id, select(Application).options(*_loaded())


def rows(applications: Sequence[Application], account: Account, wanted: Wanted) -> list[Row]:
    """The lines of one page; one query for all of them."""
    if wanted.past:
        return [Row(a, None, left_by(a)) for a in applications]
    conflicts = {} if wanted.done else conflicts_among(applications, account)
    return [Row(a, conflicts.get(a.id), _mine(a, account)) for a in applications]


def version(shown: Sequence[Row], total: int) -> str:
    """Changes whenever anything that the list shows of its rows changes: 16 hexadecimal digits."""
    facts = [
        (r.application.public_id, r.application.state, len(r.application.transitions), r.conflict)
        for r in shown
    ]
    text = repr((total, clock.today(), facts))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _waiting(account: Account) -> Select[Application]:
    current = (
        select(func.min(ApprovalStep.position))
        .where(ApprovalStep.application_id == Application.id, ApprovalStep.decided_at.is_(None))
        .correlate(Application)
        .scalar_subquery()
    )
    mine = and_(
        ApprovalStep.application_id == Application.id,
        ApprovalStep.position == current,  # so it is not decided
        or_(ApprovalStep.role.in_(account.roles), *_lent(account)),
    )
    return (
        select(Application)
        .join(ApprovalStep, mine)
        .where(Application.forwarded_at.is_not(None), Application.state.in_(WAITING))
        .order_by(
            Application.due_on.is_(None),
            Application.due_on,
            Application.forwarded_at,
            Application.id,
        )
    )


def _lent(account: Account) -> list[ColumnElement[bool]]:
    """For each role in whose place the account acts: the step is of that role, and no holder can
    fill it, being away or barred from the application, nor anybody who is asked before
    (`standing.standing_of` as a condition)."""
    conditions = []
    for role in sorted(account.acting_roles - account.roles):
        away = away_today(role)
        present = [holder for holder in holders_of(role) if holder.id not in away]
        present += earlier(account, acting_for(role))
        barred = [is_barred(holder) for holder in present]
        conditions.append(and_(ApprovalStep.role == role, *barred))
    return conditions


def _decided(account: Account) -> Select[Application]:
    mine = (
        select(Transition.application_id, func.max(Transition.id).label("last"))
        .where(Transition.by_id == account.id, Transition.action.in_(DECISIONS))
        .group_by(Transition.application_id)
        .subquery()
    )
    return (
        select(Application)
        .join(mine, mine.c.application_id == Application.id)
        .order_by(mine.c.last.desc())
    )


def _filters(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.disclosure_type:
        conditions.append(Application.disclosure_type == wanted.disclosure_type)
    if wanted.since:
        conditions.append(Application.submitted_at >= clock.midnight(wanted.since))
    if wanted.until:
        until = clock.midnight(wanted.until + timedelta(days=1))
        conditions.append(Application.submitted_at < until)
    if wanted.past and wanted.state:
        conditions.append(Application.state == wanted.state)
    text = says(wanted.text)
    return conditions if text is None else [*conditions, text]


def _loaded() -> Sequence[ORMOption]:
    """What `rows` and the list read of each application."""
    return (
        selectinload(Application.matches).joinedload(ApplicationRecording.recording),
        joinedload(Application.asked_recording),
        selectinload(Application.steps).joinedload(ApprovalStep.decided_by),
        selectinload(Application.transitions).joinedload(Transition.by),
    )


def _mine(application: Application, account: Account) -> Transition | None:
    decided = (
        t
        for t in reversed(application.transitions)
        if t.by_id == account.id and Action(t.action) in DECISIONS
    )
    return next(decided, None)
