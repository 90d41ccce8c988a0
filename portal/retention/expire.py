"""기간만료: what was applied for died before it could be handed over."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal import clock
from portal.applications.bounds import bounds_of
from portal.applications.due import deletion_day, due_on
from portal.applications.models import Application, ApplicationRecording
from portal.applications.move import move
from portal.applications.states import TRANSITIONS, Action
from portal.database import lock, write
from portal.extensions import db
from portal.runtime import settings
from portal.words import worded

_WAITING = tuple(state for state, action in TRANSITIONS if action is Action.EXPIRE)
FILED_LATE = "신청 지연"
HANDLED_LATE = "처리 지연"
_OPINIONS = {
    FILED_LATE: (
        "신청 지연: 신청할 때 보관기간이 처리에 필요한 기간보다 적게 남아 있었고, "
        "인계·인수 전에 {information:이/가} 삭제되었습니다."
    ),
    HANDLED_LATE: (
        "처리 지연: 신청할 때 보관기간이 넉넉히 남아 있었으나, "
        "인계·인수 전에 {information:이/가} 삭제되었습니다."
    ),
}


def expire_applications(today: date) -> int:
    """Expire every waiting application whose recordings are all gone; returns how many.

    Opens a short `write()` for each.
    """
    waiting = select(Application).where(Application.state.in_(_WAITING))
    with_recordings = waiting.options(
        selectinload(Application.matches).joinedload(ApplicationRecording.recording),
        joinedload(Application.asked_recording),
    )
    gone = [row.id for row in db.session.scalars(with_recordings) if _is_gone(row, today)]
    db.session.rollback()
    return sum(_expire(application_id, today) for application_id in gone)


def gone_on(application: Application) -> date | None:
    """The day from which nothing is left of what it asks for; None where that is not known.

    By the recordings matched or asked for; before any is found, by the latest time that was named.
    """
    recordings = [match.recording for match in application.matches]
    if application.asked_recording:
        recordings.append(application.asked_recording)
    if recordings:
        return max(recording.delete_on for recording in recordings)
    bounds = bounds_of(application)  # a remembered time may be off; so far one may look
    return deletion_day(clock.seoul(bounds.end).date()) if bounds else None


def cause_of(application: Application) -> str:
    """신청 지연 where less time was left at the submission than 처리기한 gives, else 처리 지연."""
    gone, submitted_at = gone_on(application), application.submitted_at
    if gone is None or submitted_at is None:
        return HANDLED_LATE
    rules = application.settings_snapshot.get("application", {})
    days = rules.get("due_days", settings().application.due_days)
    handled_by = due_on(clock.seoul(submitted_at).date(), days, None)
    return FILED_LATE if gone <= handled_by else HANDLED_LATE


def _is_gone(application: Application, today: date) -> bool:
    day = gone_on(application)
    return day is not None and day <= today


def _expire(application_id: int, today: date) -> bool:
    with write() as session:
        application = session.get_one(Application, application_id)
        lock(application)
        if application.state not in _WAITING or not _is_gone(application, today):
            return False  # somebody else was faster
        move(application, Action.EXPIRE, by=None, opinion=worded(_OPINIONS[cause_of(application)]))
        return True
