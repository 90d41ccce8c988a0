"""Copy what each row of the ledger was disclosed on (제7조①) from its application; repeatable.

The guard of the ledger is put aside for it: no box of the row changes.
"""

from __future__ import annotations

from sqlalchemy.engine import Connection

from portal.ledger.triggers import unguarded_ledger

_COPY = (
    "UPDATE ledger_row SET ground = "
    "(SELECT ground FROM application WHERE application.id = ledger_row.application_id)"
)


def upgrade(connection: Connection) -> None:
    """In the migration's own transaction."""
    with unguarded_ledger(connection):
        connection.exec_driver_sql(_COPY)
