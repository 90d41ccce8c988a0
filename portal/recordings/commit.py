"""A stored blob and the row it is for: both or neither."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from sqlalchemy.orm import Session

from portal import clock
from portal.database import write
from portal.runtime import vault
from portal.vault import DayKeyDestroyed


@contextmanager
def committing(day: date, blob_id: str) -> Iterator[Session]:
    """`write()` for the row of a blob that lies in the vault; the row cannot be: the blob goes.

    Raises DayKeyDestroyed when the day has begun meanwhile. If the commit itself fails, nobody can
    say whether it came through (a lost connection): the blob stays, and reconcile removes it once
    it is clear that no row has come.
    """
    reached_commit = False
    try:
        with write() as session:
            if day <= clock.today():
                raise DayKeyDestroyed(f"{day} has begun")
            yield session
            session.flush()
            reached_commit = True
    except BaseException:
        if not reached_commit:
            vault().recordings.remove(day, blob_id)
        raise
