"""What the worker does with the log: heads in the second file, a daily verification, pruning."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy import select

from portal import clock
from portal.audit.checkpoint import prune
from portal.audit.heads import note_head
from portal.audit.models import AuditVerification
from portal.audit.record import record
from portal.audit.verify import Verdict, verify
from portal.database import write
from portal.extensions import db

_HOUR = timedelta(hours=3)  # after midnight, when the deletion of the day is long done
_log = structlog.get_logger()


def keep_up() -> None:
    """Called every few minutes; verification and pruning happen once a night."""
    note_head()
    last = last_verification()
    if last is None or last.at < _last_night():
        verify_and_keep()
        prune()


def verify_and_keep() -> Verdict:
    """Verify the log and keep what was found (제8조④); an unsound log is an error in the log."""
    verdict = verify()
    db.session.rollback()
    if not verdict.sound:
        _log.error("audit.unsound", first_bad=verdict.first_bad)
    with write() as session:
        session.add(
            AuditVerification(
                at=clock.now(),
                events=verdict.events,
                first_bad=verdict.first_bad,
                problem=verdict.problem,
            )
        )
        record("log.verify", by=None, events=verdict.events, first_bad=verdict.first_bad)
    return verdict


def _last_night() -> datetime:
    """Three in the morning, when nobody waits for the worker."""
    tonight = clock.midnight(clock.today()) + _HOUR
    return tonight if clock.now() >= tonight else tonight - timedelta(days=1)


def last_verification() -> AuditVerification | None:
    """The latest result that was kept."""
    latest = select(AuditVerification).order_by(AuditVerification.at.desc()).limit(1)
    return db.session.scalar(latest)
