"""The database schema: migrations, and the refusal to run on another one (decision 4)."""

from __future__ import annotations

import flask_migrate
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from portal.extensions import db


class SchemaMismatch(Exception):
    """The database's schema is not the one this version was made for."""


def upgrade() -> None:
    """Bring the database to this version's schema."""
    flask_migrate.upgrade()


def current() -> str | None:
    """The revision the database is at; None for an empty one."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def expected() -> str | None:
    """The revision this version needs."""
    directory = current_app.extensions["migrate"].directory
    return ScriptDirectory(directory).get_current_head()


def require_current() -> None:
    """Raises `SchemaMismatch` unless the database is at this version's revision."""
    found, needed = current(), expected()
    if found != needed:
        raise SchemaMismatch(
            f"데이터베이스 구조가 이 버전과 다릅니다 (지금 {found or '없음'}, 필요 {needed}). "
            "'portal upgrade'를 먼저 실행하세요."
        )
