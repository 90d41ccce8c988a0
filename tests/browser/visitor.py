"""One person in front of one browser; complains about what a person would not see."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from factories import PASSWORD

DESKTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}


class Visitor:
    """A browser context of its own: cookies, console, requests."""

    def __init__(
        self, browser: Browser, address: str, *, scripts: bool = True, phone: bool = False
    ) -> None:
        self.address = address
        self.context = browser.new_context(
            viewport=PHONE if phone else DESKTOP,
            java_script_enabled=scripts,
            locale="ko-KR",
            timezone_id="Asia/Seoul",
            base_url=address,
        )
        self.context.set_default_timeout(30_000)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.expected: set[int] = set()
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        self.page.on("request", self._on_request)

    def log_in(self, login: str, password: str = PASSWORD) -> None:
        self.go("/login")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", password)
        self.page.click("main form [type=submit], main form button:not([type=button])")
        self.page.wait_for_url(lambda url: urlsplit(url).path != "/login")

    def go(self, path: str) -> Page:
        self.page.goto(path)
        return self.page

    def picture(self, name: str) -> None:
        """Keep a screenshot where PORTAL_PICTURES names a folder; nothing otherwise."""
        if folder := os.environ.get("PORTAL_PICTURES"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=f"{folder}/{name}.png", full_page=True)

    def leave(self) -> None:
        self.context.close()
        assert not self.complaints, self.complaints

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        if any(f"status of {code}" in message.text for code in self.expected):
            return
        self.complaints.append(f"console: {message.text} ({self.page.url})")

    def _on_request(self, request: Request) -> None:
        if request.url.startswith(("data:", "blob:")):
            return
        if not request.url.startswith(self.address):
            self.complaints.append(f"a request left the portal: {request.url}")
