"""Alembic's environment: the app's engine and every model."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy import DateTime
from sqlalchemy.types import TypeDecorator

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
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_item=render_plainly,
            **options,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
