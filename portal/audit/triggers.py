"""What the log's tables have beside their columns: the chain's beginning, and triggers by which
the database itself refuses to change or remove a logged event."""

from __future__ import annotations

from sqlalchemy import func, insert, select
from sqlalchemy.engine import Connection

from portal.audit.chain import GENESIS
from portal.audit.models import AuditHead

_SQLITE = [
    "CREATE TRIGGER audit_event_no_{verb} BEFORE {VERB} ON audit_event "
    "BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END"
]
_POSTGRESQL = [
    "CREATE TRIGGER audit_event_no_{verb} BEFORE {VERB} ON audit_event "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_event_append_only()"
]
_FUNCTION = (
    "CREATE FUNCTION audit_event_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'audit_event is append-only'; END $$"
)


def guard_log(connection: Connection) -> None:
    """Called by the migration that makes the table, and by any that rebuilds it."""
    if connection.scalar(select(func.count()).select_from(AuditHead)) == 0:
        connection.execute(insert(AuditHead).values(id=1, seq=0, mac=GENESIS))
    postgresql = connection.dialect.name == "postgresql"
    if postgresql:
        connection.exec_driver_sql(_FUNCTION)
    for template in _POSTGRESQL if postgresql else _SQLITE:
        for verb in ("update", "delete"):
            connection.exec_driver_sql(template.format(verb=verb, VERB=verb.upper()))
