"""A new key for the personal columns: every value is written anew, in short transactions.

Killed at any line, the next call goes on: as long as the old key is on the keyring, values of both
keys are read, and only when no value of an old key is left is that key forgotten.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from portal import audit
from portal.database import write
from portal.encrypted import Encrypted
from portal.extensions import Model
from portal.ledger.triggers import unguarded_ledger
from portal.retention.write_ahead_log import PATIENCE_MS, truncate
from portal.runtime import vault

BATCH = 500


@dataclass(frozen=True)
class Place:
    """One personal column, and the column that names a row in its ciphertexts."""

    table: str
    column: str
    key: str
    context: str


def places() -> list[Place]:
    """Every personal column of every table, in order."""
    found = []
    for mapper in Model.registry.mappers:
        row = "public_id" if "public_id" in mapper.columns else mapper.primary_key[0].name
        for column in mapper.columns:
            if isinstance(column.type, Encrypted):
                table = str(mapper.local_table.name)  # type: ignore[attr-defined]
                found.append(Place(table, str(column.name), row, column.type.context))
    return sorted(found, key=lambda place: (place.table, place.column))


def change_columns() -> int:
    """Put a new key in force and write every value with it; returns how many were written.

    Raises ColumnCipherError for a value that no key on the keyring opens; nothing is forgotten
    then.
    """
    keyring = vault().keyring
    if len(keyring.keys("columns").by_id) == 1:
        keyring.begin("columns")
    written = 0
    for place in places():
        while count := _batch(place):
            written += count
    with write():
        audit.record(
            "key.change_columns",
            by=None,
            values=written,
            key=keyring.keys("columns").current_id,
        )
    keyring.drop_retired("columns")
    truncate(PATIENCE_MS)  # SQLite's log still holds the values of the old key
    return written


def _batch(place: Place) -> int:
    current = vault().keyring.keys("columns").current_id
    # The names come from the models, never from outside.
    select = text(
        f"SELECT {place.key} AS id, {place.column} AS token FROM {place.table} "  # noqa: S608
        f"WHERE {place.column} IS NOT NULL AND {place.column} NOT LIKE :current "
        f"ORDER BY {place.key} LIMIT {BATCH}"
    )
    with write() as session:
        connection = session.connection()
        rows = connection.execute(select, {"current": f"v2.{current}.%"}).all()
        guard = place.table == "ledger_row"
        with unguarded_ledger(connection) if guard else nullcontext():
            for row in rows:
                _write_anew(connection, place, row)
    return len(rows)


def _write_anew(connection: Connection, place: Place, row: Any) -> None:
    cipher = vault().columns
    opened = cipher.decrypt(row.token, place.context)
    update = text(
        f"UPDATE {place.table} SET {place.column} = :new "  # noqa: S608
        f"WHERE {place.key} = :id AND {place.column} = :old"
    )
    # Bound to the row it named: a value that was moved stays recognisable as moved.
    new = cipher.encrypt(opened.text, place.context, opened.row)
    connection.execute(update, {"new": new, "id": row.id, "old": row.token})
