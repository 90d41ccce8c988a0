"""A clock that runs behind what the log has seen is wrong: nothing that dates depend on may run.

Without its battery a server starts in 2020. A good call of today would then be "of the future",
be set aside with the date of that day, and die as soon as the clock is right again.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portal import clock, clock_mark
from portal.audit.models import AuditEvent
from portal.extensions import db

TOLERANCE = timedelta(days=1)


class ClockBehind(RuntimeError):
    """The machine's clock is more than a day behind the newest event of the log."""

    def __str__(self) -> str:
        return (
            "서버의 시계가 접속기록보다 하루 넘게 늦습니다. 시계를 맞춘 뒤 다시 실행하십시오. "
            "그때까지 반입과 자동 삭제를 멈춥니다."
        )


def require_sane_clock() -> None:
    """Raises `ClockBehind`, or `ClockAhead` for a clock that jumped forward."""
    newest = db.session.scalar(select(AuditEvent.at).order_by(AuditEvent.seq.desc()).limit(1))
    db.session.rollback()
    if newest is not None and clock.now() < newest - TOLERANCE:
        raise ClockBehind
    clock_mark.require_plausible()
