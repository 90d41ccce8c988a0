"""A real Chromium against the real application on a real port, its clock in the test's hand."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect, sync_playwright
from werkzeug.serving import make_server

from browser.visitor import Visitor
from portal import create_app
from portal.config import Config
from portal.extensions import db

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]


# A loaded machine is slow; what does not come at all still fails.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    named = os.environ.get("PORTAL_TEST_CHROMIUM")
    path = named or next(filter(None, map(shutil.which, CHROMIUM)), None)
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def address(app: Flask, config: Config) -> Iterator[str]:
    """The portal served on a free port of this machine, by an application of its own."""
    served = create_app(config)
    server = make_server("127.0.0.1", 0, served, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    with served.app_context():
        db.engine.dispose()


@pytest.fixture
def visitors(chromium: Browser, address: str) -> Iterator[list[Visitor]]:
    """Everybody who opened a browser in the test; each must leave it without a complaint."""
    opened: list[Visitor] = []
    yield opened
    for visitor in opened:
        visitor.leave()


@pytest.fixture
def visit(chromium: Browser, address: str, visitors: list[Visitor]):  # type: ignore[no-untyped-def]
    """`visit(login)` opens a fresh browser and logs in."""

    def open_browser(
        login: str | None = None, *, scripts: bool = True, phone: bool = False
    ) -> Visitor:
        visitor = Visitor(chromium, address, scripts=scripts, phone=phone)
        visitors.append(visitor)
        if login:
            visitor.log_in(login)
        return visitor

    return open_browser
