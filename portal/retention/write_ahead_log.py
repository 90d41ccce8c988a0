"""SQLite's log still holds the pages as they were before: it is emptied after a destruction."""

from __future__ import annotations

from portal.database import BUSY_TIMEOUT_S
from portal.extensions import db

#: How long to wait for readers; whoever wants to write waits meanwhile.
PATIENCE_MS = 2000
IN_PASSING_MS = 100


def truncate(patience_ms: int) -> bool:
    """Carry the log over into the database file and empty it (decision 6).

    False where a long reader was in the way: the next run tries again. True on PostgreSQL, whose
    log is the server's own.
    """
    if db.engine.dialect.name != "sqlite":
        return True
    db.session.rollback()  # our own view of the old pages would be in the way
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {patience_ms}")
        busy, _pages, _moved = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_S * 1000}")
        cursor.close()
        return not busy
    finally:
        connection.close()
