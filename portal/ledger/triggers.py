"""The ledger is written once (제7조④): the database itself refuses to change or remove a row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import Connection

_SQLITE = (
    "CREATE TRIGGER ledger_row_no_{verb} BEFORE {VERB} ON ledger_row "
    "BEGIN SELECT RAISE(ABORT, 'ledger_row is never changed'); END"
)
_POSTGRESQL = (
    "CREATE TRIGGER ledger_row_no_{verb} BEFORE {VERB} ON ledger_row "
    "FOR EACH STATEMENT EXECUTE FUNCTION ledger_row_never_changed()"
)
_FUNCTION = (
    "CREATE FUNCTION ledger_row_never_changed() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'ledger_row is never changed'; END $$"
)


def guard_ledger(connection: Connection) -> None:
    """Called by the migration that makes the table, and by any that rebuilds it."""
    postgresql = connection.dialect.name == "postgresql"
    if postgresql:
        connection.exec_driver_sql(_FUNCTION)
    verbs = ("update", "delete", "truncate") if postgresql else ("update", "delete")
    for verb in verbs:
        template = _POSTGRESQL if postgresql else _SQLITE
        connection.exec_driver_sql(template.format(verb=verb, VERB=verb.upper()))


@contextmanager
def unguarded_ledger(connection: Connection) -> Iterator[None]:
    """For a change of keys, which writes ciphertexts anew, and for a migration that adds a column:
    what a row says stays.

    Inside one transaction, so that a crash leaves the guard standing.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ALTER TABLE ledger_row DISABLE TRIGGER ledger_row_no_update")
        yield
        connection.exec_driver_sql("ALTER TABLE ledger_row ENABLE TRIGGER ledger_row_no_update")
        return
    connection.exec_driver_sql("DROP TRIGGER IF EXISTS ledger_row_no_update")
    yield
    connection.exec_driver_sql(_SQLITE.format(verb="update", VERB="UPDATE"))
