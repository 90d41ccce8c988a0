"""What the log's tables have beside their columns: the chain's beginning, and triggers by which
the database itself refuses to change a logged event, or to remove one that no checkpoint covers."""

from __future__ import annotations

from sqlalchemy import func, insert, select
from sqlalchemy.engine import Connection

from portal.audit.chain import GENESIS
from portal.audit.models import AuditHead

#: Pruning removes events up to the latest checkpoint; whether that one is signed, `verify` says.
_UNCOVERED = "OLD.seq > coalesce((SELECT max(seq) FROM audit_checkpoint), 0)"

_SQLITE = [
    "CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event "
    "BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END",
    f"CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event WHEN {_UNCOVERED} "
    "BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END",
    "CREATE TRIGGER audit_checkpoint_no_update BEFORE UPDATE ON audit_checkpoint "
    "BEGIN SELECT RAISE(ABORT, 'audit_checkpoint is append-only'); END",
    "CREATE TRIGGER audit_checkpoint_no_delete BEFORE DELETE ON audit_checkpoint "
    "BEGIN SELECT RAISE(ABORT, 'audit_checkpoint is append-only'); END",
]
_POSTGRESQL = [
    "CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME; END $$",
    "CREATE FUNCTION audit_event_covered() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN IF {_UNCOVERED} THEN RAISE EXCEPTION 'audit_event is append-only'; END IF; "
    "RETURN OLD; END $$",
    "CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event "
    "FOR EACH ROW EXECUTE FUNCTION audit_event_covered()",
    *(
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()"
        for table, verb in (
            ("audit_event", "update"),
            ("audit_event", "truncate"),
            ("audit_checkpoint", "update"),
            ("audit_checkpoint", "delete"),
            ("audit_checkpoint", "truncate"),
        )
    ),
]


def guard_log(connection: Connection) -> None:
    """Called by the migration that makes the tables, and by any that rebuilds them."""
    if connection.scalar(select(func.count()).select_from(AuditHead)) == 0:
        connection.execute(insert(AuditHead).values(id=1, seq=0, mac=GENESIS))
    postgresql = connection.dialect.name == "postgresql"
    for statement in _POSTGRESQL if postgresql else _SQLITE:
        connection.exec_driver_sql(statement)
