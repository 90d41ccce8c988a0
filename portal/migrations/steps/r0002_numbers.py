"""The last four digits of an application's numbers, and the numbers of the ledger's rows, for the
searches; repeatable."""

from __future__ import annotations

import re

from sqlalchemy import text
from sqlalchemy.engine import Connection

BATCH = 5_000
_LAST = (
    "UPDATE application SET {last} = substr({whole}, length({whole}) - 3) WHERE length({whole}) > 3"
)
_ROWS = text("SELECT id, numbers_text FROM ledger_row WHERE id > :after ORDER BY id LIMIT :batch")
_ADD = text("INSERT INTO ledger_number (ledger_row_id, number, last) VALUES (:row, :number, :last)")


def upgrade(connection: Connection) -> None:
    """In the migration's own transaction."""
    for whole in ("caller_number", "callee_number", "control_no"):
        last = f"{whole.partition('_')[0]}_last"
        connection.exec_driver_sql(_LAST.format(last=last, whole=whole))
    connection.exec_driver_sql("DELETE FROM ledger_number")
    after = 0
    while rows := connection.execute(_ROWS, {"after": after, "batch": BATCH}).all():
        found = [number for row in rows for number in _numbers(*row)]
        if found:
            connection.execute(_ADD, found)
        after = rows[-1][0]


def _numbers(row: int, numbers_text: str) -> list[dict[str, object]]:
    digits = (re.sub(r"\D", "", word) for word in numbers_text.split())
    return [
        {"row": row, "number": number, "last": number[-4:] if len(number) > 3 else None}
        for number in dict.fromkeys(filter(None, digits))
    ]
