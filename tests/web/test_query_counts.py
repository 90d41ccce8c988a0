"""Every list and every detail asks at most twelve times, and as often where it shows more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from client import PageClient
from portal import clock
from portal.accounts.models import Account, Department, Extension
from portal.applications.models import Application
from portal.applications.states import State
from portal.database import write
from portal.extensions import db
from portal.ledger.write_row import write_row
from portal.recordings.models import QuarantineItem
from portal.roles import Role
from queries import counted_queries
from web.access_table import PUBLIC, TABLE, TOKEN

MOST = 12
#: How a change of the log begins and is waited for; no question to the database.
_TRANSACTION = ("BEGIN", "SET LOCAL", "SELECT pg_logical_emit_message")
#: As whom a page is opened, where not any of those who may open it.
AS = {
    "applications.detail": Role.CUSTODIAN,
    "approvals.item": Role.TEAM_LEADER,
    "documents.of_application": Role.CUSTODIAN,
}
#: What is no list and no detail: files, forms of one's own, steps of a handover, what polls.
NEITHER = {
    "accounts.password", "accounts.stay", "applications.edit", "applications.evidence_page",
    "applications.form1", "applications.new_from_call", "applications.screen",
    "applications.new_for_employee",
    "applications.supplement", "approvals.poll", "destruction.record", "documents.blank",
    "documents.issued", "documents.verify", "handover.receipt", "handover.reply",
    "handover.screen", "handover.signing", "handover.unsigned", "notices.unread", "otp.enrol",
    "otp.recover", "packages.file", "packages.progress", "packages.receive", "packages.show",
    "playback.peaks", "playback.player", "playback.sound", "playback.start", "playback.state",
    "prints.file", "prints.poll", "recordings.shared", "restrictions.item",
    "restrictions.lift_notice", "restrictions.notice", "restrictions.screen",
    "restrictions.signature",
}  # fmt: skip


def _grow(rows: int) -> Application:
    """More of what the lists show, on one line and one counter; the application of the details."""
    officer = db.session.scalars(select(Account).where(Account.login == "officer")).one_or_none()
    officer = officer or factories.account(Role.COUNTER, login="officer")
    office = db.session.scalars(select(Department).where(Department.name == "민원과")).one()
    for n in range(rows):
        person = factories.account(Role.CUSTODIAN).person
        number = 2000 + db.session.query(Account).count()
        line = factories.extension(str(number), person)
        shown: dict[str, Any] = {"office_id": office.id, "entered_by": officer}
        for state in (State.RECEIVED, State.REVIEWED, State.APPROVED):
            call = factories.recording(line, prior_notice="none" if n % 2 else "unknown")
            application = factories.forwarded_application(call, state=state, **shown)
        with write() as session:
            row = session.get_one(Application, application.id)
            write_row(
                row, basis="제2호", transferor_name="김", transferee_name="이", affiliation="시"
            )
            session.add(_set_aside(number))
    return factories.forwarded_application(**shown)


def _set_aside(number: int) -> QuarantineItem:
    day = clock.today() + timedelta(days=10)
    return QuarantineItem(
        reason="no_sidecar", message="짝이 없습니다.", sha256=f"{number:064x}", size=1,
        has_sound=True, has_sidecar=False, delete_on=day,
    )  # fmt: skip


def _pages(app: Flask, application: Application) -> Iterator[tuple[str, str]]:
    """Endpoint and address of each list and detail."""
    account = application.entered_by
    values: dict[str, dict[str, Any]] = {
        "accounts.account": {"public_id": account.public_id},
        "access_log.month": {"key": f"{clock.today():%Y-%m}"},
        "guidance.page": {"role": "custodian"},
        "organisation.person": {"public_id": account.person.public_id},
        "organisation.extension": {"public_id": db.session.get_one(Extension, 1).public_id},
    }
    of_it: dict[str, Any] = {"public_id": application.public_id}
    for endpoint in TABLE.keys() - PUBLIC - TOKEN - NEITHER:
        for rule in app.url_map.iter_rules(endpoint):
            if "GET" in (rule.methods or ()):
                given = values.get(endpoint, of_it) if rule.arguments else {}
                with app.test_request_context():
                    yield endpoint, app.url_for(endpoint, **given)


def _asked(
    app: Flask, visitors: dict[Role, PageClient], application: Application
) -> dict[str, int]:
    """How many statements each page sends, once its first look is noted."""
    found = {}
    for endpoint, address in sorted(_pages(app, application)):
        role = AS.get(endpoint) or min(TABLE[endpoint], key=list(visitors).index)
        for _look in range(2):
            with counted_queries() as sent:
                visitors[role].get(address)
        found[endpoint] = len([line for line in sent if not line.startswith(_TRANSACTION)])
    return found


@pytest.mark.both_databases
def test_no_page_asks_more_than_twelve_times_or_more_often_where_it_shows_more(app: Flask) -> None:
    visitors = {
        role: PageClient(app).log_in(factories.account(role))
        for role in (
            Role.DIVISION_HEAD,
            Role.TEAM_LEADER,
            Role.CUSTODIAN,
            Role.AUDITOR,
            Role.COUNTER,
            Role.EMPLOYEE,
        )
    }
    few = _asked(app, visitors, _grow(2))
    many = _asked(app, visitors, _grow(6))

    over = {endpoint: n for endpoint, n in many.items() if n > MOST}
    assert over == {}
    # A full page asks one more: how many there are in all.
    grown = {e: (few[e], n) for e, n in many.items() if n > few[e] + 1}
    assert grown == {}
