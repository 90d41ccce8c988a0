"""Rows in bulk: SQLite by `executemany`, PostgreSQL by `COPY`, indexes put back at the end.

Rows are tuples of text, whole numbers and None; times are text in UTC (`stamp`), which both take.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from typing import Protocol

import psycopg
from sqlalchemy.engine import make_url

Value = str | int | None
CHUNK = 20_000


def stamp(moment: datetime) -> str:
    """A moment as both databases take it; PostgreSQL is told that it is UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


class Sink(Protocol):
    def put(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> int: ...

    def run(self, statement: str) -> None: ...


class SqliteSink:
    """Journal and syncs are off while the file is filled: it is made, not changed."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute("BEGIN")

    def put(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> int:
        places = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"
        before = self._connection.total_changes
        self._connection.executemany(statement, rows)
        return self._connection.total_changes - before

    def run(self, statement: str) -> None:
        self._connection.execute(statement)

    def drop_indexes(self) -> list[str]:
        found = self._connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        ).fetchall()
        for name, _sql in found:
            self._connection.execute(f'DROP INDEX "{name}"')
        return [sql for _name, sql in found]

    def finish(self) -> None:
        self._connection.execute("COMMIT")
        self._connection.execute("ANALYZE")
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.close()


class PostgresSink:
    def __init__(self, address: str) -> None:
        plain = make_url(address).set(drivername="postgresql")
        self._connection = psycopg.connect(plain.render_as_string(hide_password=False))
        self._connection.execute("SET TIME ZONE 'UTC'")
        self._connection.execute("SET synchronous_commit = off")
        self._connection.execute("SET maintenance_work_mem = '512MB'")
        self._tables: set[str] = set()

    def put(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> int:
        count, lines = 0, map(_line, rows)
        statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            while chunk := list(islice(lines, CHUNK)):
                copy.write("".join(chunk))
                count += len(chunk)
        if "id" in columns:
            self._tables.add(table)
        return count

    def run(self, statement: str) -> None:
        self._connection.execute(statement)

    def drop_indexes(self) -> list[str]:
        found = self._connection.execute(
            "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.schemaname = 'public' AND"
            " NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = i.indexname)"
        ).fetchall()
        for name, _sql in found:
            self._connection.execute(f'DROP INDEX "{name}"')
        return [sql for _name, sql in found]

    def finish(self) -> None:
        for table in sorted(self._tables):
            self._connection.execute(
                f"SELECT setval(s, (SELECT max(id) FROM {table})) FROM"
                f" pg_get_serial_sequence('{table}', 'id') s WHERE s IS NOT NULL"
            )
        self._connection.commit()
        self._connection.autocommit = True
        self._connection.execute("VACUUM ANALYZE")
        self._connection.close()


def _line(row: Sequence[Value]) -> str:
    return "\t".join("\\N" if value is None else _escaped(value) for value in row) + "\n"


def _escaped(value: str | int) -> str:
    if isinstance(value, int):
        return str(value)
    if "\\" in value or "\n" in value or "\t" in value:
        value = value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
    return value


@contextmanager
def filling(address: str) -> Iterator[Sink]:
    """The database at `address`, already migrated, to be filled at once; indexes come last."""
    url = make_url(address)
    sqlite = url.get_backend_name() == "sqlite"
    sink = SqliteSink(str(url.database)) if sqlite else PostgresSink(address)
    indexes = sink.drop_indexes()
    yield sink
    for statement in indexes:
        sink.run(statement)
    sink.finish()
