"""Drafts that nobody finished: removed with their files after a time (보존: 임시저장 신청서)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from portal import audit, clock
from portal.applications.models import Application
from portal.applications.move import move
from portal.applications.states import Action, State
from portal.database import lock, write
from portal.extensions import db
from portal.runtime import settings, vault


def remove_old_drafts() -> int:
    """Remove every draft that was not typed into for `draft_days`; returns how many.

    One that had been submitted and was recalled is part of a record and cannot vanish: it counts
    as withdrawn. Rows go first, then blobs: a blob without a row is found by the reconcile command.
    """
    old = select(Application.id).where(
        Application.state == State.DRAFT, Application.saved_at < _limit()
    )
    ids = list(db.session.scalars(old))
    db.session.rollback()
    return sum(_remove(application_id) for application_id in ids)


def _limit() -> datetime:
    return clock.now() - timedelta(days=settings().application.draft_days)


def _remove(application_id: int) -> bool:
    with write() as session:
        draft = session.get(Application, application_id)
        if draft is None:
            return False
        lock(draft)
        if draft.state != State.DRAFT or draft.saved_at >= _limit():
            return False  # typed into, or submitted, meanwhile
        if draft.transitions:
            days = settings().application.draft_days
            opinion = f"회수한 뒤 {days}일 동안 다시 신청하지 않아 취하한 것으로 처리했습니다."
            move(draft, Action.WITHDRAW, by=None, opinion=opinion)
            return True
        blobs = [file.public_id for file in draft.files]
        audit.record("application.draft_removed", by=None, on=draft, files=len(blobs))
        for file in draft.files:
            session.delete(file)
        session.flush()
        session.delete(draft)
    for blob in blobs:
        vault().records.remove(blob)
    return True
