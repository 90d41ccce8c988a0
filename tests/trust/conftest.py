"""A whole town, built once a run: the demo on PostgreSQL, which refuses what SQLite lets pass
(NUL, too long, too large). Each test gets a copy of its own."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from flask import Flask

import factories
from conftest import Browser, CompiledTemplates, _database
from portal import create_app
from portal.accounts import passwords
from portal.config import Config
from portal.demo.build import build
from portal.extensions import db


@dataclass(frozen=True)
class Town:
    """The built installation: its folder and the server on which `portal_town` is."""

    folder: Path
    server: str


@pytest.fixture(scope="session")
def town(template: Path, postgresql: str, tmp_path_factory: pytest.TempPathFactory) -> Town:
    folder = Path(shutil.copytree(template, tmp_path_factory.mktemp("town") / "data"))
    _create(postgresql, "portal_town", "portal_template")
    app = create_app(_config(folder, _database(postgresql, "portal_town")))
    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", factories.CHEAP)
        build()
        db.session.remove()
        db.engine.dispose()
    return Town(folder, postgresql)


@pytest.fixture
def demo(town: Town, tmp_path: Path) -> Iterator[Flask]:
    """The application of a copy of the town, with its context pushed."""
    folder = Path(shutil.copytree(town.folder, tmp_path / "data"))
    name = f"town_{secrets.token_hex(6)}"
    _create(town.server, name, "portal_town")
    config = _config(folder, _database(town.server, name))
    app = create_app(config)
    app.testing = True
    app.test_client_class = Browser
    app.jinja_env.bytecode_cache = CompiledTemplates(config.settings)
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    with psycopg.connect(town.server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _config(folder: Path, url: str) -> Config:
    return Config(data=folder, database_url=url, master_key_file=folder / "keys/master.key")


def _create(server: str, name: str, template: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
