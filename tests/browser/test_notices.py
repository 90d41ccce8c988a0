"""The count of unread notices in a real browser: it changes by itself and never gets in the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select, update

import factories
from browser.visitor import Visitor
from portal import clock
from portal.accounts.models import LoginSession
from portal.announcements import announce
from portal.database import write
from portal.extensions import db
from portal.roles import Role

Visit = Callable[..., Visitor]


def last_seen() -> datetime:
    """When the one login of the test was last used by a person."""
    db.session.rollback()
    return db.session.scalars(select(LoginSession.seen_at)).one()


def test_the_count_appears_by_itself_and_asking_notices_the_end_of_the_login(
    app: Flask, visit: Visit
) -> None:
    leader = factories.account(Role.TEAM_LEADER)
    visitor = visit(leader.login)
    visitor.expected.add(401)
    visitor.page.clock.install()
    page = visitor.go("/account")
    count = page.locator("#unread .count")
    seen = last_seen()
    expect(count).to_have_count(0)

    application = factories.forwarded_application()
    with write():
        announce("application.forward", application)
    page.clock.run_for(61_000)
    expect(count).to_contain_text("1")
    expect(page.locator("#live")).to_have_text("새 알림이 있습니다.")
    assert last_seen() == seen, "asking by itself keeps no session alive"

    with write() as session:
        session.execute(update(LoginSession).values(ended_at=clock.now(), end_reason="test"))
    page.clock.run_for(61_000)
    expect(page.get_by_role("alertdialog", name="로그인이 끝났습니다")).to_be_visible()
    assert page.locator(".alert").count() == 0, "it is said once"
