"""A database at revision 0001 with a row in every table, as an installation of that version has.

The rows are made from the tables themselves (types, lengths, references), so that nothing of the
models of today is in them; `_SPECIAL` names what a CHECK constraint asks for.
"""

from __future__ import annotations

import base64
import secrets
from datetime import UTC, date, datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Column, Connection, MetaData, Table, inspect
from sqlalchemy import types as t

from portal.migrations.steps.r0002_bind_columns import COLUMNS
from portal.vault.master import MasterKey

#: What stands in every encrypted column.
SECRET = "이천시 부악로 40"
ROWS = 3

_SPECIAL: dict[str, Any] = {
    "account_change.kind": "grant_role",
    "acting_assignment.role": "custodian",
    "acting_assignment.until_on": date(2026, 12, 31),
    "application.applicant_kind": "citizen",
    "application.disclosure_type": "inspection",
    "application.ground": 2,
    "application.state": "closed",
    "application_file.kind": "evidence",
    "call_task.result": "told",
    "destruction.state": "awaited",
    "job.state": "done",
    "ledger_row.disclosure_type": "inspection",
    "log_check.month": 10,
    "mail.state": "sent",
    "package.state": "used",
    "recording.direction": "inbound",
    "recording.prior_notice": "unknown",
    "role_grant.role": "employee",
    "use_restriction.ground": 1,
    "use_restriction.portal_use": True,
    "use_restriction.served_how": "in_person",
    "use_restriction.state": "approved",
}
_SKIPPED = {"alembic_version", "audit_head"}


def fill(connection: Connection, master: MasterKey) -> None:
    """`ROWS` rows in each table where its keys allow it, at least one."""
    tables = MetaData()
    tables.reflect(connection)
    for table in tables.sorted_tables:
        if table.name in _SKIPPED:
            continue
        for number in range(1, ROWS + 1):
            values = {
                column.name: _value(table, column, number, master)
                for column in table.columns
                if _is_needed(table, column)
            }
            with connection.begin_nested():
                connection.execute(table.insert().values(values))


def _is_needed(table: Table, column: Column[Any]) -> bool:
    encrypted = column.name in COLUMNS.get(table.name, ("", ()))[1]
    return not column.nullable or encrypted or f"{table.name}.{column.name}" in _SPECIAL


def _value(table: Table, column: Column[Any], number: int, master: MasterKey) -> Any:
    name = f"{table.name}.{column.name}"
    if name in _SPECIAL:
        return _SPECIAL[name]
    if column.name in COLUMNS.get(table.name, ("", ()))[1]:
        return unbound_token(master, SECRET, name)
    if column.foreign_keys or (column.primary_key and isinstance(column.type, t.Integer)):
        return number
    for kind, value in (
        (t.Boolean, False),
        (t.Integer, number),
        (t.DateTime, datetime(2026, 11, 1, 3, number, tzinfo=UTC)),
        (t.Date, date(2026, 11, number)),
        (t.JSON, {}),
        (t.LargeBinary, b""),
    ):
        if isinstance(column.type, kind):
            return value
    return f"{number:x}" * min(getattr(column.type, "length", None) or 8, 32)


def unbound_token(master: MasterKey, text: str, column: str) -> str:
    """A value as the first version wrote it: bound to its column only."""
    nonce, bound = secrets.token_bytes(12), f"v1.{master.key_id}.{column}".encode()
    sealed = AESGCM(master.derive("columns/v1")).encrypt(nonce, text.encode(), bound)
    encoded = base64.urlsafe_b64encode(nonce + sealed).rstrip(b"=").decode()
    return f"v1.{master.key_id}.{encoded}"


def tables_with_rows(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {
        name: connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one()
        for name in inspect(connection).get_table_names()
    }
