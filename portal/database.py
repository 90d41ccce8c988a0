"""Transactions, column types and the SQLite settings every connection gets (decision 4).

Reads run in a deferred transaction. A change runs inside `write()`: one short immediate
transaction, opened late, committed once, with the audit events sealed last (decision 5).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, Engine, event, func
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

from portal.extensions import db

BUSY_TIMEOUT_S = 15
_BEGIN, _READS = "portal_begin", "portal_reads"
#: Execution options of a connection whose transactions change something; without them it reads.
_CHANGING = {_BEGIN: "IMMEDIATE"}
_WRITING = "portal_writing"
_FLUSH_OWED = "portal_flush_owed"

#: Called with the session after the domain's changes and before the commit; the audit log is one.
seals: list[Callable[[Session], None]] = []
#: Selected with the row that is locked: the commit gives its locks up before the disk has it.
RELEASES_BEFORE_FLUSH = func.set_config("synchronous_commit", "off", True)
#: The key of `session.info` under which notes for the seals lie until the commit or the rollback.
NOTES = "portal_notes"


class NotWriting(RuntimeError):
    """A domain verb that changes rows was called outside `write()`."""


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in, aware UTC out; SQLite alone would drop the offset and keep the wall clock."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive time {value!r}: times must carry their zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@contextmanager
def write() -> Iterator[Session]:
    """One change: committed at the end of the block, rolled back whole when it raises.

    Objects read before are read anew inside, under the write lock, so that a guard never looks at
    a state that somebody else has changed in between.
    """
    session = db.session()
    if session.info.get(_WRITING):
        raise RuntimeError("write() inside write(): a request has one commit point")
    session.rollback()
    session.connection(execution_options=_CHANGING)
    session.info[_WRITING] = True
    session.info[NOTES] = []
    try:
        yield session
        session.flush()
        for seal in seals:
            seal(session)
        session.commit()
        if session.info.get(_FLUSH_OWED):
            flush_commits()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop(_FLUSH_OWED, None)
        session.info.pop(_WRITING, None)
        session.info.pop(NOTES, None)


@contextmanager
def write_apart() -> Iterator[Session]:
    """A short change in a session of its own: what the request has loaded stays loaded, since
    nothing it decides on is changed here (the log). Sealed by whoever calls; what is read
    afterwards is read as it stands then.
    """
    session = db.session()
    if session.info.get(_WRITING):
        raise RuntimeError("write_apart() inside write(): it would wait for itself")
    if (reading := session.get_transaction()) is not None:
        reading.close()  # not rolled back: that would have every object loaded anew
    with Session(db.engine, info={NOTES: []}) as apart:
        apart.connection(execution_options=_CHANGING)
        yield apart
        apart.commit()
        if apart.info.get(_FLUSH_OWED):
            flush_commits()


def owe_flush(session: Session) -> bool:
    """Whether this change may select `RELEASES_BEFORE_FLUSH`; `write()` then waits for the disk.

    For the one row that every change locks (decision 18): on PostgreSQL it would be held while the
    disk works, so that commits could not share one flush. SQLite writes one after the other.
    """
    owes = session.get_bind().dialect.name == "postgresql"
    if owes:
        session.info[_FLUSH_OWED] = True
    return owes


def flush_commits() -> None:
    """Wait until every commit that could be seen so far is on the disk.

    `write()` does so for its own change. Also for whoever saw another's row and is about to do what
    cannot be undone (a source is removed because its row stands).
    """
    if db.engine.dialect.name != "postgresql":
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # A record in the write-ahead log, committed in the ordinary way: flushed with all before.
        connection.exec_driver_sql("SELECT pg_logical_emit_message(true, 'portal', 'flush')")


def changing() -> Engine:
    """The engine of what changes tables as a whole (migrations). Rows change in `write()`."""
    return db.engine.execution_options(**_CHANGING)


def writing() -> Session:
    """The session of the open `write()`; raises `NotWriting` outside of one."""
    session = db.session()
    if not session.info.get(_WRITING):
        raise NotWriting("this change must happen inside portal.database.write()")
    return session


def lock(row: Any) -> None:
    """Read a row anew and hold it until the commit (SQLite holds the whole database anyway)."""
    session = writing()
    session.flush()  # a refresh would drop what was set and not yet written
    # Only this table: PostgreSQL cannot lock what an outer join may leave empty.
    session.refresh(row, with_for_update={"of": type(row)})


def prepare_engine(engine: Engine) -> None:
    """Give every connection of an engine the settings the portal relies on."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_sqlite_connect)
        event.listen(engine, "begin", _on_sqlite_begin)
    else:
        event.listen(engine, "connect", _on_postgresql_connect)
        event.listen(engine, "begin", _on_postgresql_begin)
        event.listen(engine, "rollback", _on_postgresql_rollback)


def _on_sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the "begin" listener writes BEGIN itself
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_S * 1000}",
        "journal_mode = WAL",
        "foreign_keys = ON",
        "secure_delete = ON",
        "synchronous = FULL",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _on_sqlite_begin(connection: Connection) -> None:
    mode = connection.get_execution_options().get(_BEGIN)
    _only_reading(connection, mode is None)
    connection.exec_driver_sql(f"BEGIN {mode or 'DEFERRED'}")


def _only_reading(connection: Connection, reads: bool) -> None:
    """What is outside of `write()` cannot write: SQLite itself refuses it."""
    if connection.info.get(_READS) is not reads:
        driver: Any = connection.connection.driver_connection
        driver.execute(f"PRAGMA query_only = {int(reads)}")  # no question that a page asks
        connection.info[_READS] = reads


def _on_postgresql_connect(connection: Any, _record: Any) -> None:
    """Every statement of a page is short: reading a row by its index is cheap on what serves today
    (as shipped, PostgreSQL reckons with turning disks), compiling a plan or sharing it among
    processes takes longer than running it.
    """
    for setting in ("random_page_cost = 1.1", "jit = off", "max_parallel_workers_per_gather = 0"):
        connection.execute(f"SET {setting}")
    connection.commit()


def _on_postgresql_begin(connection: Connection) -> None:
    """As above: the server refuses it."""
    driver: Any = connection.connection.driver_connection
    driver.read_only = _BEGIN not in connection.get_execution_options()


def _on_postgresql_rollback(connection: Connection) -> None:
    """End a transaction that has only read by a commit: the same to the database, while the driver
    forgets at a rollback which statements the server has parsed and planned already.
    """
    driver: Any = connection.connection.driver_connection
    if driver.read_only and driver.info.transaction_status.name == "INTRANS":
        driver.commit()
