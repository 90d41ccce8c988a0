"""알림 over HTTP: one's own list, the way to where one acts, and the count by polling."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

import factories
from client import PageClient
from notices.conftest import kinds_of
from notices.test_reminders import counted_queries
from portal import clock
from portal.accounts.models import Account, LoginSession
from portal.announcements import announce
from portal.applications.models import Application
from portal.audit.models import AuditEvent
from portal.database import changing, write
from portal.extensions import db
from portal.notices.kinds import Kind
from portal.notices.models import Notice
from portal.notices.tell import tell
from portal.notices.where_page import address_of
from portal.roles import Role

HTMX = {"headers": {"HX-Request": "true", "HX-Request-Type": "partial"}}


@pytest.fixture
def leader(app: Flask) -> Account:
    return factories.account(Role.TEAM_LEADER)


def forwarded() -> Application:
    application = factories.forwarded_application()
    with write():
        announce("application.forward", application)
    return application


def the_notice(account: Account) -> Notice:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Notice).where(Notice.account_id == account.id)).one()


def test_the_list_says_what_happened_and_leads_to_where_one_acts(
    client: PageClient, leader: Account
) -> None:
    application = forwarded()

    page = client.log_in(leader).get("/notices").text
    assert "결재할 신청이 올라왔습니다." in page and str(application.control_no) in page
    assert "홍길동" not in page and "홍*동" not in page
    answer = client.post(f"/notices/{the_notice(leader).public_id}/open")

    assert answer.status_code == 303
    assert answer.location == f"/approvals/{application.public_id}"
    assert application.reason in client.get(answer.location).text
    assert the_notice(leader).read_at is not None
    assert "결재할 신청이" not in client.get("/notices").text
    assert "결재할 신청이" in client.get("/notices?show=all").text


def test_nobody_reads_or_sees_the_notice_of_another(client: PageClient, leader: Account) -> None:
    application = forwarded()
    client.log_in(factories.account(Role.AUDITOR))

    assert str(application.control_no) not in client.get("/notices?show=all").text
    assert client.post(f"/notices/{the_notice(leader).public_id}/open").status_code == 404
    client.get("/notices")
    client.post("/notices/read")

    assert the_notice(leader).read_at is None


def test_looking_at_the_list_reads_nothing_and_one_button_reads_all(
    client: PageClient, leader: Account
) -> None:
    forwarded()
    client.log_in(leader).get("/notices")
    assert the_notice(leader).read_at is None

    client.post("/notices/read")

    assert the_notice(leader).read_at is not None


def test_the_masthead_of_every_page_counts_what_is_unread(
    client: PageClient, leader: Account
) -> None:
    client.log_in(leader)
    assert "읽지 않음 </span>" not in client.get("/applications").text

    forwarded()

    assert "읽지 않음 </span>1" in client.get("/applications").text


def test_polling_brings_the_count_only_when_it_is_another_and_keeps_no_session_alive(
    client: PageClient, leader: Account
) -> None:
    client.log_in(leader).get("/notices")
    assert client.http.get("/notices/unread?shown=0", **HTMX).status_code == 204
    forwarded()
    row = db.session.scalars(select(LoginSession)).one()
    seen, logged = row.seen_at, len(db.session.scalars(select(AuditEvent)).all())

    with clock.at(timedelta(minutes=5)):
        answer = client.get("/notices/unread?shown=0", **HTMX)

    assert "<html" not in answer.text and "shown=1" in answer.text
    assert "announce" in answer.headers["HX-Trigger"]
    db.session.refresh(row)
    assert row.seen_at == seen
    assert len(db.session.scalars(select(AuditEvent)).all()) == logged


def test_the_list_is_paged_and_costs_the_same_however_long(
    client: PageClient, leader: Account
) -> None:
    forwarded()
    client.log_in(leader).get("/notices")
    with counted_queries() as few:
        client.get("/notices?per_page=10")

    for _ in range(12):
        forwarded()
    db.session.expire_all()
    with counted_queries() as many:
        page = client.get("/notices?per_page=10").text

    assert len(many) <= len(few) + 1  # a page that is full asks how many there are in all
    assert page.count("/open") == 10
    assert '총 <strong class="num">13</strong>건' in page


def test_every_kind_leads_to_a_page_that_exists(app: Flask, leader: Account) -> None:
    application = forwarded()
    with write():
        for kind in Kind:
            tell(leader, kind, application=application, number=2)
            tell(leader, kind)
    urls = app.url_map.bind("portal.example")

    db.session.rollback()
    notices = db.session.scalars(select(Notice)).all()
    with app.test_request_context():
        for notice in notices:
            assert urls.match(address_of(notice))


def test_with_a_key_a_second_telling_is_no_news(leader: Account) -> None:
    with write():
        first = tell(leader, Kind.LATE, once="x")
        second = tell(leader, Kind.LATE, once="x")
    with write():
        third = tell(leader, Kind.LATE, once="x")

    assert (first, second, third) == (True, False, False)
    assert kinds_of(leader) == [Kind.LATE]


def test_a_page_is_shown_even_when_the_count_cannot_be_had(
    client: PageClient, leader: Account
) -> None:
    client.log_in(leader)
    db.session.rollback()
    with changing().begin() as connection:
        for table in ("mail", "notice"):
            connection.execute(text(f"DROP TABLE {table}"))

    assert "알림" in client.get("/account").text
