"""A real Chromium against the real application on a real port, its clock in the test's hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect, sync_playwright

from browser.serving import chromium_path, flags, served
from browser.visitor import Visitor
from portal.config import Config

# A loaded machine is slow; what does not come at all still fails.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=flags())
        yield browser
        browser.close()


@pytest.fixture
def address(app: Flask, config: Config) -> Iterator[str]:
    """The portal served on a free port of this machine, by an application of its own."""
    with served(config) as found:
        yield found


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
