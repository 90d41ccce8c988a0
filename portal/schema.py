"""The database schema: migrations, and the refusal to run on another one (decision 4).

Alembic is imported where something migrates: a web worker only asks for the revision (decision 19).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import column, inspect, select, table

from portal.extensions import db

_MIGRATIONS = Path(__file__).with_name("migrations")
_VERSION = table("alembic_version", column("version_num"))


class SchemaMismatch(Exception):
    """The database's schema is not the one this version was made for."""


class _Migrations:
    """What Flask-Migrate keeps among an application's extensions, made when it is first used."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __getattr__(self, name: str) -> Any:
        from flask_migrate import Migrate

        Migrate(self._app, db, directory=str(_MIGRATIONS), render_as_batch=True)
        return getattr(self._app.extensions["migrate"], name)


def init_app(app: Flask) -> None:
    """Let `flask_migrate` find the migrations."""
    app.extensions["migrate"] = _Migrations(app)


def upgrade() -> None:
    """Bring the database to this version's schema."""
    import flask_migrate

    flask_migrate.upgrade()


def current() -> str | None:
    """The revision the database is at; None for an empty one."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table(_VERSION.name):
            return None
        found: str | None = connection.scalar(select(_VERSION.c.version_num))
        return found


@cache
def expected() -> str:
    """The revision this version needs: its last migration's, whose file begins with it."""
    return max(path.name.partition("_")[0] for path in (_MIGRATIONS / "versions").glob("0*_*.py"))


def require_current() -> None:
    """Raises `SchemaMismatch` unless the database is at this version's revision."""
    found, needed = current(), expected()
    if found != needed:
        raise SchemaMismatch(
            f"데이터베이스 구조가 이 버전과 다릅니다 (지금 {found or '없음'}, 필요 {needed}). "
            "'portal upgrade'를 먼저 실행하세요."
        )
