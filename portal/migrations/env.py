"""Alembic's environment: the app's engine and every model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection, DateTime
from sqlalchemy.types import TypeDecorator

from portal.database import changing
from portal.extensions import db


def render_plainly(kind: str, value: Any, _context: Any) -> str | Literal[False]:
    """Migrations name SQL types only, so that they still run when the code has moved on."""
    if kind == "type" and isinstance(value, TypeDecorator):
        timed = isinstance(value.impl, DateTime)
        return "sa.DateTime(timezone=True)" if timed else "sa.String()"
    return False


def run() -> None:
    """Migrate the database of the current app, inside one transaction where it can."""
    options = current_app.extensions["migrate"].configure_args
    with changing().connect() as connection, references_aside(connection):
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_item=render_plainly,
            **options,
        )
        with context.begin_transaction():
            context.run_migrations()
        refuse_dangling(connection)
        connection.commit()


@contextmanager
def references_aside(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew; while the old one is dropped, rows refer to it.

    The setting is ignored inside a transaction, so it is given before one begins.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    raw: Any = connection.connection.driver_connection
    raw.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        connection.rollback()
        raw.execute("PRAGMA foreign_keys = ON")


def refuse_dangling(connection: Connection) -> None:
    """Raises RuntimeError, and nothing is committed, where a row refers to one that is gone."""
    if connection.dialect.name == "sqlite":
        dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if dangling:
            raise RuntimeError(f"migration left dangling references: {dangling[:5]}")


run()
