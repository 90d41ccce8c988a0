"""Personal columns of revision 0001 are bound to their rows; repeatable."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.engine import Connection

from portal.ledger.triggers import unguarded_ledger
from portal.runtime import vault

#: Table → what names a row in its ciphertexts, and the encrypted columns it had.
COLUMNS = {
    "account": ("public_id", ("email",)),
    "application": (
        "public_id",
        (
            "birth_or_business_no",
            "address",
            "contact",
            "representative_name",
            "representative_birth",
            "corporate_no",
            "official_name",
            "official_contact",
        ),
    ),
    "handover_receipt": ("public_id", ("transferee_address",)),
    "ledger_row": ("public_id", ("affiliation",)),
    "totp_device": ("account_id", ("secret", "pending_secret")),
    "use_restriction": ("public_id", ("facts", "opinion", "served_note", "lift_reason")),
}
BATCH = 500


def upgrade(connection: Connection) -> None:
    """Every value of the old scheme anew, in the migration's own transaction."""
    with unguarded_ledger(connection):
        for table, (key, columns) in COLUMNS.items():
            for column in columns:
                _bind(connection, table, key, column)


def _bind(connection: Connection, table: str, key: str, column: str) -> None:
    cipher, place = vault().columns, f"{table}.{column}"
    unbound = text(
        f"SELECT {key} AS id, {column} AS token FROM {table} "  # noqa: S608
        f"WHERE {column} LIKE 'v1.%' ORDER BY {key} LIMIT {BATCH}"
    )
    bind = text(f"UPDATE {table} SET {column} = :new WHERE {key} = :id")  # noqa: S608
    while rows := connection.execute(unbound).all():
        connection.execute(
            bind,
            [
                {
                    "id": row.id,
                    "new": cipher.encrypt(
                        cipher.decrypt_unbound(row.token, place), place, str(row.id)
                    ),
                }
                for row in rows
            ],
        )
