"""보관 기간표: rows that have served their time go: notices with their mails, logins, done work.

Each in short transactions of its own, each with one event that counts them. Called by the worker;
a second run finds nothing left to do.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, delete, exists, func, or_, select

from portal import audit
from portal.accounts.models import LoginSession
from portal.database import write
from portal.extensions import db
from portal.jobs.models import Job
from portal.moments import ago
from portal.notices.models import Mail, Notice
from portal.packages.models import Package, PackageDownload
from portal.playback.models import ListeningSession
from portal.runtime import settings

#: Rows a transaction: short enough that nobody waits for it.
BATCH = 500


def remove_old_notices() -> int:
    """알림 older than `keep.notices_days`, read or not, and the mails that went with them."""
    return _remove(Notice, _old_notices(), "notices.pruned")


def remove_old_logins() -> int:
    """Login sessions that began longer ago than `keep.logins_days` and have ended.

    Those in which somebody listened or took something away belong to that record and stay with it.
    """
    return _remove(LoginSession, _old_logins(), "logins.pruned")


def remove_old_jobs() -> int:
    """Single pieces of work that ended longer ago than `keep.jobs_days`; their files went before
    (`prints`), and what built a package stays with it."""
    return _remove(Job, _old_jobs(), "jobs.pruned")


def overdue(grace: timedelta) -> list[Select[int]]:
    """Count rows that should have gone longer ago than `grace`: their job does not do its work."""
    late = (
        (Notice, _old_notices(grace)), (LoginSession, _old_logins(grace)), (Job, _old_jobs(grace))
    )  # fmt: skip
    return [select(func.count()).select_from(model).where(over) for model, over in late]


_NOW = timedelta()


def _old_notices(grace: timedelta = _NOW) -> ColumnElement[bool]:
    return Notice.at < _before(settings().keep.notices_days, grace)


def _old_logins(grace: timedelta = _NOW) -> ColumnElement[bool]:
    begun = LoginSession.started_at < _before(settings().keep.logins_days, grace)
    heard = exists().where(ListeningSession.login_session_id == LoginSession.id)
    took = exists().where(PackageDownload.login_session_id == LoginSession.id)
    return LoginSession.ended_at.is_not(None) & begun & ~heard & ~took


def _old_jobs(grace: timedelta = _NOW) -> ColumnElement[bool]:
    over = Job.finished_at < _before(settings().keep.jobs_days, grace)
    kept = exists().where(Package.job_id == Job.id)
    fileless = or_(Job.expires_at.is_(None), Job.expires_at < ago(grace))
    single = Job.recurring.is_(None) & Job.state.in_(("done", "failed"))
    return single & over & fileless & ~kept


def _before(days: int, grace: timedelta) -> BindParameter[datetime]:
    return ago(timedelta(days=days) + grace)


def _remove(model: Any, over: ColumnElement[bool], action: str) -> int:
    removed = 0
    while ids := list(db.session.scalars(select(model.id).where(over).limit(BATCH))):
        db.session.rollback()
        with write() as session:
            if model is Notice:
                gone = delete(Mail).where(Mail.notice_id.in_(ids))
                session.execute(gone.execution_options(synchronize_session=False))
            chosen = delete(model).where(model.id.in_(ids), over)
            done = session.execute(chosen.execution_options(synchronize_session=False))
            count = int(done.rowcount)  # type: ignore[attr-defined]
            if count:
                audit.record(action, by=None, count=count)
        removed += count
        if not count:
            break
    db.session.rollback()
    return removed
