"""Every page of every role as a person and a screen reader meet it: on the demo, in both widths.

The pages come from the application's own endpoints (`atlas.py`); all share one installation.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize

import factories
from browser import scenes
from browser.atlas import SAMPLES, View, gaps, views
from browser.serving import served
from browser.visitor import DESKTOP, PHONE, Visitor
from portal import create_app
from portal.accounts import passwords
from portal.config import Config
from portal.demo.town import PASSWORD
from portal.extensions import db

AXE = Path(__file__).resolve().parents[2] / ".deps/node_modules/axe-core/axe.min.js"
#: Without `preload`, which adds a style element: the portal's policy refuses it.
RULES = {
    "preload": False,
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
WHO = (None, "employee", "employee2", "counter", "counter2", "custodian", "leader", "head")
KIB = 1024
#: A browser zoomed to 200 % on a screen of 1366×768.
ZOOMED = ViewportSize(width=683, height=384)

#: What kinds of elements a page is made of. Of two with the same, axe looks at the first only: they
#: differ in their words and in how many rows they have.
SHAPE = """() => [...new Set([...document.querySelectorAll("main *, dialog[open] *")].map((e) => [
  e.tagName, e.className?.baseVal ?? e.className, e.getAttribute("role"), e.hidden, e.open,
  e.getAttribute("aria-current"), e.disabled, e.type, e.labels?.length, e.title !== ""].join(" ")
  ))].sort().join("\\n")"""
FITS = """() => [document.documentElement.scrollWidth - innerWidth,
  [...document.querySelectorAll("body *")].filter((e) => e.scrollWidth > e.clientWidth + 1
    && !["INPUT", "SELECT"].includes(e.tagName) && getComputedStyle(e).textOverflow === "ellipsis")
    .map((e) => e.textContent.trim())]"""
#: Bytes of the page with all it needs, and of the page alone; sound, scans and fonts aside.
WEIGHT = """() => {
  const page = performance.getEntriesByType("navigation")[0].encodedBodySize;
  const parts = performance.getEntriesByType("resource").filter((r) =>
    !/\\.woff2|\\/sound$|\\/pages\\/\\d+\\.png/.test(r.name));
  const all = Object.values(Object.fromEntries(parts.map((r) => [r.name, r.encodedBodySize])));
  return [page + all.reduce((sum, size) => sum + size, 0), page];
}"""


@dataclass
class Town:
    """One installation that all looks share, and what was looked at already."""

    app: Flask
    address: str
    views: list[View]
    seen: set[tuple[str, int, str]] = field(default_factory=set)


@pytest.fixture(scope="module")
def town(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    data = Path(shutil.copytree(template, tmp_path_factory.mktemp("town") / "data"))
    config = Config(data, f"sqlite:///{data / 'portal.db'}", data / "keys/master.key")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", factories.CHEAP)
        app = create_app(config)
        with app.app_context(), served(config) as address:
            scenes.typical()
            found = views(app)
            db.session.rollback()
            yield Town(app, address, found)
            db.session.remove()
            db.engine.dispose()


@pytest.mark.parametrize("login", [*WHO, "auditor"])
def test_every_page_is_accessible_fits_weighs_little_and_asks_nobody_outside(
    town: Town, chromium: Browser, login: str | None
) -> None:
    visitor = Visitor(chromium, town.address)
    visitor.expected |= {403, 404, 409, 410, 422}
    if login:
        visitor.log_in(login, PASSWORD)
    findings: list[str] = []
    for view in town.views:
        if view.login == login:
            findings += visit(visitor, view, town)
    assert findings == [], "\n".join(findings)
    visitor.leave()


def test_everybody_who_sees_a_page_is_looked_after(town: Town) -> None:
    assert {view.login for view in town.views} == {*WHO, "auditor"}


def test_a_new_page_without_a_picture_is_an_error(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert gaps(town.app) == []
    monkeypatch.delitem(SAMPLES, "applications.detail")

    assert [line for line in gaps(town.app) if "applications.detail" in line]


def test_the_check_itself_finds_what_is_wrong(town: Town, chromium: Browser) -> None:
    visitor = Visitor(chromium, town.address)
    page = visitor.go("/login")
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    page.evaluate("document.body.style.width = '3000px'")

    findings = look_at(page, "login")

    assert any("image-alt" in line for line in findings), findings
    assert any("px too wide" in line for line in findings), findings
    visitor.context.close()


def visit(visitor: Visitor, view: View, town: Town) -> list[str]:
    """All that is wrong with one view, in both widths."""
    page = visitor.page
    page.set_viewport_size(DESKTOP)
    answer = page.goto(view.path)
    assert answer is not None
    if view.then:
        view.then(page)
    elif answer.status != view.status:
        return [f"{view.name}: answered {answer.status}"]
    findings = too_heavy(page, view)
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        shape = page.evaluate(SHAPE)
        key = (view.endpoint, size["width"], shape)
        frame = ("the frame", size["width"], str(view.login))
        where = f"{view.name} at {size['width']} px"
        new = not {key, frame} <= town.seen
        findings += look_at(page, where) if new else too_wide(page, where)
        town.seen |= {key, frame}
    page.set_viewport_size(ZOOMED)
    return findings + too_wide(page, f"{view.name} at 200 %")


def look_at(page: Page, where: str) -> list[str]:
    """What axe finds, and whether the page is wider than its window."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.read_text("utf-8"))
    run = f"axe.run(document, {json.dumps(RULES)}).then((found) => found.violations)"
    found = [
        f"{where}: {v['id']}: {v['nodes'][0]['html'][:160]} ({len(v['nodes'])})"
        for v in page.evaluate(run)
    ]
    return [*found, *too_wide(page, where)]


def too_wide(page: Page, where: str) -> list[str]:
    """A page that scrolls sideways, and words that are cut off."""
    wide, cut = page.evaluate(FITS)
    found = [f"{where}: {wide} px too wide"] if wide > 0 else []
    return found + [f"{where}: cut off: {text}" for text in cut]


def too_heavy(page: Page, view: View) -> list[str]:
    first, after = page.evaluate(WEIGHT)
    found = [f"{view.name}: {first} bytes on the first visit"] if first >= 150 * KIB else []
    return [*found, f"{view.name}: {after} bytes afterwards"] if after >= 30 * KIB else found
