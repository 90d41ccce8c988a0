"""One walk over a month of the log, which counts everything the monthly check asks for."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal import clock
from portal.access_log.months import Month
from portal.access_log.search import between
from portal.access_log.wording import ACTIONS, Group
from portal.applications.due import is_working_day
from portal.audit.models import AuditEvent
from portal.extensions import db
from portal.runtime import settings

#: How far back a person's own habit is looked at.
HABIT = timedelta(days=90)
_BATCH = 5_000
_COLUMNS = (
    AuditEvent.at,
    AuditEvent.action,
    AuditEvent.account,
    AuditEvent.subject_kind,
    AuditEvent.subject,
    AuditEvent.reason,
    AuditEvent.detail,
)


@dataclass
class Tally:
    """Counts by account (public ids); `events` are those that a person caused."""

    events: int = 0
    off_hours: Counter[str] = field(default_factory=Counter)
    off_hours_first: dict[str, datetime] = field(default_factory=dict)
    views: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    locked: Counter[str] = field(default_factory=Counter)
    without_reason: Counter[str] = field(default_factory=Counter)
    output: Counter[tuple[str, str]] = field(default_factory=Counter)
    own: Counter[tuple[str, str]] = field(default_factory=Counter)
    #: Whether a day is a working day, asked once a day.
    working: dict[date, bool] = field(default_factory=dict)


def tally(month: Month) -> Tally:
    """Count a month's events."""
    found = Tally()
    chosen = select(*_COLUMNS).where(*between(month.start, month.end)).order_by(AuditEvent.seq)
    with closing(db.session.execute(chosen.execution_options(yield_per=_BATCH))) as rows:
        for row in rows:
            _count(row, found)
    return found


def views_by_day(month: Month) -> dict[str, dict[date, int]]:
    """Views of each account a day, in the month and the 90 days before it."""
    found: dict[str, Counter[date]] = defaultdict(Counter)
    chosen = select(AuditEvent.account, AuditEvent.at).where(
        AuditEvent.action == "view", *between(month.start - HABIT, month.end)
    )
    with closing(db.session.execute(chosen.execution_options(yield_per=_BATCH))) as rows:
        for account, at in rows:
            if account:
                found[account][clock.seoul(at).date()] += 1
    return {account: dict(days) for account, days in found.items()}


def _is_off_hours(moment: datetime, working: dict[date, bool]) -> bool:
    """Outside of the day's hours (settings), or on a day off."""
    local, rules = clock.seoul(moment), settings().log
    if not rules.day_begins <= local.hour < rules.day_ends:
        return True
    day = local.date()
    if day not in working:
        working[day] = is_working_day(day)
    return not working[day]


def _count(row: Any, found: Tally) -> None:
    _count_wrong(row, found)
    if row.account is None:
        return
    found.events += 1
    found.own[row.account, row.action] += 1
    if _is_off_hours(row.at, found.working):
        found.off_hours[row.account] += 1
        found.off_hours_first.setdefault(row.account, row.at)
    if row.action == "view" and row.subject:
        found.views[row.account, row.subject_kind or "", row.subject] += 1
    if row.action == "playback.play" and not (row.reason or "").strip():
        found.without_reason[row.account] += 1
    group = ACTIONS[row.action].group if row.action in ACTIONS else None
    if group is Group.OUTPUT:
        found.output[row.account, row.action] += 1
    if group is Group.REFUSED and not _is_wrong_code(row.action):
        found.refused[row.account, row.action] += 1


def _count_wrong(row: Any, found: Tally) -> None:
    """A wrong password or code counts for the account it was tried on; "" where there is none."""
    if _is_wrong_code(row.action):
        on = row.subject or row.account or ""
        found.wrong[on] += 1
        found.locked[on] += json.loads(row.detail).get("locked") is True


def _is_wrong_code(action: str) -> bool:
    return action in ("login.refused", "otp.refused", "otp.recovery_refused")
