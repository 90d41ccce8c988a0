"""A fresh installation per story, with periods short enough that things die within it."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg

from portal import create_app
from portal.config import Config
from portal.extensions import db
from portal.institution import Settings, load_settings
from portal.roles import Role

#: How the 결재선 may look: one to three steps, the last one decides.
LINES = (
    (Role.DIVISION_HEAD,),
    (Role.TEAM_LEADER, Role.DIVISION_HEAD),
    (Role.TEAM_LEADER, Role.TEAM_LEADER, Role.DIVISION_HEAD),
)
_PERIODS = """
retention.days = 4
application.due_days = 3
inspection.window_days = 2
provision.destruction_days = 3
"""

Install = Callable[[tuple[Role, ...]], AbstractContextManager[Config]]


def short_settings(folder: Path, line: tuple[Role, ...]) -> Settings:
    """Four days of retention, two of hearing, and this approval line."""
    steps = "".join(f'[[approval.steps]]\nrole = "{role}"\ntitle = "{role}"\n' for role in line)
    path = folder / "portal.toml"
    path.write_text(_PERIODS + steps)
    return load_settings(path)


def on_sqlite(template: Path, folder: Path) -> Install:
    """Copies of a migrated SQLite installation below `folder`."""

    @contextmanager
    def install(line: tuple[Role, ...]) -> Iterator[Config]:
        data = Path(shutil.copytree(template, folder / secrets.token_hex(6)))
        with _running(data, f"sqlite:///{data / 'portal.db'}", line) as config:
            yield config

    return install


def on_postgresql(
    template: Path, folder: Path, server: str, address: Callable[..., str]
) -> Install:
    """The same with a database of its own on a PostgreSQL server."""

    @contextmanager
    def install(line: tuple[Role, ...]) -> Iterator[Config]:
        data = Path(shutil.copytree(template, folder / secrets.token_hex(6)))
        name = f"story_{secrets.token_hex(6)}"
        _sql(server, f"CREATE DATABASE {name} TEMPLATE portal_template")
        try:
            with _running(data, address(server, name), line) as config:
                yield config
        finally:
            _sql(server, f"DROP DATABASE {name} WITH (FORCE)")

    return install


@contextmanager
def _running(data: Path, url: str, line: tuple[Role, ...]) -> Iterator[Config]:
    settings = short_settings(data, line)
    config = Config(
        data=data, database_url=url, master_key_file=data / "keys/master.key", settings=settings
    )
    with create_app(config).app_context():
        try:
            yield config
        finally:
            db.session.remove()
            db.engine.dispose()
            shutil.rmtree(data)


def _sql(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)
