"""Finding events: by time, who, what kind, on what; the newest first, paged by their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, union_all

from portal import clock
from portal.access_log.wording import Group, codes_of
from portal.accounts.models import Account, Person
from portal.applications.models import Application, ApplicationFile
from portal.audit.models import AuditEvent
from portal.documents.models import IssuedDocument
from portal.extensions import db
from portal.handover.models import HandoverReceipt

#: Above this the interface says "10,000건 이상" and nobody counts on.
CAP = 10_000
#: An event gets its time at the change and its number at the commit, a moment later.
_SLACK = timedelta(hours=1)
_BEFORE_ALL, _AFTER_ALL = 0, 2**62


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the filter box says; empty values do not narrow. Dates are days in Seoul."""

    since: date | None = None
    until: date | None = None
    who: str = ""
    group: Group | None = None
    subject: str = ""
    before: int | None = None
    size: int = 20


@dataclass(frozen=True)
class Found:
    """One page of events; `following` is the `before` of the next page, None on the last."""

    events: Sequence[AuditEvent]
    total: int
    capped: bool
    following: int | None


def find(wanted: Wanted) -> Found:
    """Two queries, whatever is found."""
    chosen = _narrowed(wanted)
    counted = select(func.count()).select_from(
        chosen.with_only_columns(literal(1), maintain_column_froms=True).limit(CAP + 1).subquery()
    )
    total = db.session.scalar(counted) or 0
    if wanted.before is not None:
        chosen = chosen.where(AuditEvent.seq < wanted.before)
    page = chosen.order_by(AuditEvent.seq.desc()).limit(wanted.size + 1)
    events = db.session.scalars(page).all()
    shown = events[: wanted.size]
    following = shown[-1].seq if len(events) > wanted.size else None
    return Found(shown, min(total, CAP), total > CAP, following)


def between(start: datetime | None, end: datetime | None) -> list[ColumnElement[bool]]:
    """Conditions for events from `start` up to but not including `end`.

    The range of numbers lets the database walk the primary key; the times decide. The numbers at
    its edges are found by the statement itself.
    """
    found: list[ColumnElement[bool]] = []
    if start is not None:
        found.append(AuditEvent.at >= start)
        earlier = select(AuditEvent.seq).where(AuditEvent.at < start - _SLACK)
        last = earlier.order_by(AuditEvent.at.desc()).limit(1).scalar_subquery()
        found.append(AuditEvent.seq > func.coalesce(last, _BEFORE_ALL))
    if end is not None:
        found.append(AuditEvent.at < end)
        later = select(AuditEvent.seq).where(AuditEvent.at >= end + _SLACK)
        first = later.order_by(AuditEvent.at).limit(1).scalar_subquery()
        found.append(AuditEvent.seq < func.coalesce(first, _AFTER_ALL))
    return found


def _narrowed(wanted: Wanted) -> Select[AuditEvent]:
    chosen = select(AuditEvent)
    start = clock.midnight(wanted.since) if wanted.since else None
    end = clock.midnight(wanted.until + timedelta(days=1)) if wanted.until else None
    chosen = chosen.where(*between(start, end))
    if wanted.group:
        chosen = chosen.where(AuditEvent.action.in_(codes_of(wanted.group)))
    if wanted.who:
        chosen = chosen.where(AuditEvent.account.in_(_accounts(wanted.who)))
    if wanted.subject:
        chosen = chosen.where(AuditEvent.subject.in_(_subjects(wanted.subject)))
    return chosen


def _accounts(text: str) -> Select[str]:
    """The opaque ids of the accounts of a name (by its beginning) or a login."""
    named = or_(Person.name.startswith(text, autoescape=True), Account.login == text)
    return select(Account.public_id).join(Account.person).where(named)


def _subjects(control_no: str) -> Select[str]:
    """An application and what belongs to it: receipt, papers, files. The log holds ids alone."""
    its = select(Application.id).where(Application.control_no == control_no).scalar_subquery()
    parts = [
        select(Application.public_id).where(Application.id == its),
        *(
            select(model.public_id).where(model.application_id == its)
            for model in (HandoverReceipt, IssuedDocument, ApplicationFile)
        ),
    ]
    united = union_all(*parts).subquery()
    return select(united.c.public_id)
