"""A change is on the disk when `write()` returns, though its locks went before (decision 18)."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import event

from portal import audit
from portal.database import write
from portal.extensions import db


def test_a_change_with_an_event_is_on_the_disk_before_anybody_is_told(app: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
        return
    _wait_for_the_disk()
    committed: list[str] = []

    def after_commit(_session: object) -> None:
        committed.append(_asked("SELECT pg_current_wal_insert_lsn()"))

    with write() as session:
        event.listen(session, "after_commit", after_commit, once=True)
        audit.record("view", by=None)

    assert committed
    assert _asked(f"SELECT pg_current_wal_flush_lsn() >= '{committed[0]}'::pg_lsn") == "True"


def _wait_for_the_disk() -> None:
    """As a server does by default; the tests' one has it turned off."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        name = connection.engine.url.database
        connection.exec_driver_sql(f'ALTER DATABASE "{name}" SET synchronous_commit = on')
    db.engine.dispose()


def _asked(statement: str) -> str:
    with db.engine.connect() as connection:
        return str(connection.exec_driver_sql(statement).scalar_one())
