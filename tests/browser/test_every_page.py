"""Every page of every role as a person and a screen reader meet it: on the demo, in both widths."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from browser.visitor import Visitor
from portal.applications.models import Application
from portal.demo.build import build
from portal.demo.town import PASSWORD
from portal.extensions import db

Visit = Callable[..., Visitor]
AXE = Path(__file__).resolve().parents[2] / ".deps/node_modules/axe-core/axe.min.js"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

#: Login → pages; `{state}` is the address of an application of the demo in that state.
PAGES = {
    "employee": [
        "/calls",
        "/applications",
        "/applications/{handed_over}",
        "/applications/{refused}",
        "/listening/{handed_over}",
        "/account",
        "/account/password",
        "/documents/verify",
    ],
    "counter": ["/applications/new/citizen", "/applications/counter", "/handover"],
    "custodian": [
        "/intake",
        "/intake?tab=all",
        "/intake/{submitted}",
        "/intake/{received}",
        "/handover",
        "/handover/{approved}",
        "/ledger",
        "/quarantine",
        "/accounts",
        "/accounts/new",
        "/accounts/changes",
    ],
    "leader": ["/approvals", "/approvals?tab=done"],
    "head": ["/approvals", "/approvals/{reviewed}", "/ledger", "/accounts/changes"],
    "auditor": ["/ledger", "/ledger?q=2026", "/account"],
}


@pytest.fixture
def addresses(app: Flask) -> dict[str, str]:
    """The demo, and by state the id of the application that its people see."""
    build()
    db.session.rollback()
    found: dict[str, str] = {}
    for row in db.session.scalars(select(Application).order_by(Application.id)):
        if row.state in ("handed_over", "refused") and row.applicant_name != "김하늘":
            continue
        found[row.state] = row.public_id
    return found


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_page_is_accessible_fits_and_asks_nobody_outside(
    addresses: dict[str, str], visit: Visit
) -> None:
    source, findings = AXE.read_text("utf-8"), []
    for login, pages in PAGES.items():
        for phone in (False, True):
            visitor = visit(phone=phone)
            visitor.log_in(login, PASSWORD)
            for path in pages:
                visitor.go(path.format(**addresses))
                name = f"{login}-{path.strip('/').replace('/', '-').split('?')[0]}"
                visitor.picture(f"{name}-{'phone' if phone else 'desk'}")
                findings += look_at(visitor, f"{login} {path}", source)
    assert findings == [], "\n".join(findings)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_check_itself_finds_what_is_wrong(app: Flask, visit: Visit) -> None:
    visitor = visit()
    page = visitor.go("/login")
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    page.evaluate("document.body.style.width = '3000px'")

    findings = look_at(visitor, "login", AXE.read_text("utf-8"))

    assert any("image-alt" in line for line in findings), findings
    assert any("px too wide" in line for line in findings), findings


def look_at(visitor: Visitor, where: str, axe: str) -> list[str]:
    """What axe finds, and whether the page is wider than its window."""
    page = visitor.page
    page.evaluate(axe)
    answer = page.evaluate(f"axe.run(document, {json.dumps(RULES)})")
    found = [
        f"{where}: {v['id']}: {v['nodes'][0]['html'][:160]} ({len(v['nodes'])})"
        for v in answer["violations"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [*found, f"{where}: {wide} px too wide"] if wide > 0 else found
