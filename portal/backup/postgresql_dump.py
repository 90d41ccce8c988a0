"""The rows of a PostgreSQL dump, laid into a SQLite file to be looked at: no server is needed.

`pg_restore` turns the dump into a script; of it only the rows are read (`COPY … FROM stdin`), and
the tables come from this version's migrations, so that what is checked is checked in one way.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import Boolean, DateTime, LargeBinary
from sqlalchemy.types import TypeEngine

from portal.extensions import db

Value = str | int | bytes | None
_COPY = re.compile(r'COPY (?:public\.)?"?(\w+)"? \((.*)\) FROM stdin;\n')
_ESCAPED = re.compile(r"\\(.)")
_MEANT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_BATCH = 1_000
_VERSION = "alembic_version"


class UnreadableDump(Exception):
    """The rows do not fit the tables; the message says which table."""


def lay_into(copy: Path, script: Iterable[str]) -> None:
    """Fill the migrated SQLite database `copy` with the script's rows. Raises UnreadableDump."""
    lines = iter(script)
    with closing(sqlite3.connect(copy)) as plain:
        plain.execute("PRAGMA foreign_keys = OFF")
        for (name,) in plain.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            plain.execute(f'DROP TRIGGER "{name}"')
        for line in lines:
            if found := _COPY.fullmatch(line):
                table, columns = found[1], [part.strip(' "') for part in found[2].split(",")]
                _lay(plain, table, columns, _rows(lines))
        plain.commit()


def _lay(
    plain: sqlite3.Connection, table: str, columns: list[str], rows: Iterator[list[str | None]]
) -> None:
    if table == _VERSION:
        list(rows)
        return
    try:
        types = db.metadata.tables[table].c
        convert = [_converter(types[column].type) for column in columns]
        names, places = ", ".join(f'"{c}"' for c in columns), ", ".join("?" for _ in columns)
        statement = f'INSERT INTO "{table}" ({names}) VALUES ({places})'  # noqa: S608
        plain.execute(f'DELETE FROM "{table}"')  # noqa: S608  (what a migration put there)
        while batch := list(islice(rows, _BATCH)):
            values = [[c(v) for c, v in zip(convert, row, strict=True)] for row in batch]
            plain.executemany(statement, values)
    except (KeyError, ValueError, sqlite3.Error) as error:
        raise UnreadableDump(table) from error


def _rows(lines: Iterator[str]) -> Iterator[list[str | None]]:
    """Until the end of the table's rows."""
    for line in lines:
        if line == "\\.\n":
            return
        yield [_plain(value) for value in line.removesuffix("\n").split("\t")]


def _plain(value: str) -> str | None:
    if value == "\\N":
        return None
    return _ESCAPED.sub(lambda found: _MEANT.get(found[1], found[1]), value)


def _converter(kind: TypeEngine[object]) -> Callable[[str | None], Value]:
    """From PostgreSQL's text to what SQLAlchemy stores in SQLite for such a column."""
    kind = getattr(kind, "impl", kind)
    if isinstance(kind, Boolean):
        return lambda value: None if value is None else int(value == "t")
    if isinstance(kind, DateTime):
        return lambda value: None if value is None else _moment(value)
    if isinstance(kind, LargeBinary):
        return lambda value: None if value is None else bytes.fromhex(value.removeprefix("\\x"))
    return lambda value: value


def _moment(value: str) -> str:
    moment = datetime.fromisoformat(value).astimezone(UTC)
    return moment.replace(tzinfo=None).isoformat(" ", timespec="microseconds")
