"""Login sessions that ran out are marked as ended; marks of views that no longer count go."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, or_, select, update

from portal import clock
from portal.accounts.models import LoginSession
from portal.audit.models import AuditView
from portal.audit.views import ONE_LOOK
from portal.database import write
from portal.extensions import db
from portal.runtime import settings


def clean_sessions() -> None:
    """Nothing depends on it (a session that ran out is refused anyway); lists become truthful."""
    now, rules = clock.now(), settings().login
    ran_out = LoginSession.ended_at.is_(None) & or_(
        LoginSession.seen_at < now - timedelta(minutes=rules.idle_minutes),
        LoginSession.started_at < now - timedelta(hours=rules.absolute_hours),
    )
    forgotten = AuditView.at < now - 2 * ONE_LOOK
    idle = db.session.scalar(select(LoginSession.id).where(ran_out).limit(1)) is None
    if idle and db.session.scalar(select(AuditView.at).where(forgotten).limit(1)) is None:
        return
    with write() as session:
        session.execute(
            update(LoginSession)
            .where(ran_out)
            .values(ended_at=now, end_reason="ran_out")
            .execution_options(synchronize_session=False)
        )
        session.execute(
            delete(AuditView).where(forgotten).execution_options(synchronize_session=False)
        )
