"""The city stands once for all stories, on a SQLite file, served on a port of this machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from browser.articles.city import City, Visit, found
from browser.serving import served
from browser.visitor import Visitor
from portal import create_app
from portal.config import Config
from portal.extensions import db
from portal.institution import load_settings


@pytest.fixture(scope="package")
def installation(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Config:
    data = Path(shutil.copytree(template, tmp_path_factory.mktemp("articles") / "data"))
    return Config(
        data=data,
        database_url=f"sqlite:///{data / 'portal.db'}",
        master_key_file=data / "keys/master.key",
        settings=load_settings(),
    )


@pytest.fixture(scope="package")
def city(installation: Config) -> Iterator[City]:
    app = create_app(installation)
    app.testing = True
    with app.app_context():
        yield found()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="package")
def portal_address(installation: Config) -> Iterator[str]:
    with served(installation) as address:
        yield address


@pytest.fixture
def visit(chromium: Browser, city: City, portal_address: str) -> Iterator[Visit]:
    """`visit(login)` opens a browser and logs in; nobody may leave with a complaint."""
    opened: list[Visitor] = []

    def open_browser(login: str | None = None) -> Visitor:
        opened.append(Visitor(chromium, portal_address))
        if login:
            opened[-1].log_in(login)
        return opened[-1]

    yield open_browser
    db.session.rollback()
    for visitor in opened:
        visitor.leave()
