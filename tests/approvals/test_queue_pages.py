"""결재대기함 over HTTP: the list, the panel, the decision, and news by polling."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

import factories
from client import PageClient
from portal import clock
from portal.accounts.models import Account, LoginSession
from portal.applications.models import Application
from portal.applications.states import State
from portal.approvals import decide
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.roles import Role

HTMX = {"headers": {"HX-Request": "true", "HX-Request-Type": "partial"}}
LEADER, HEAD = Role.TEAM_LEADER, Role.DIVISION_HEAD


@pytest.fixture
def leader(app: Flask) -> Account:
    return factories.account(LEADER, name="박정호")


@pytest.fixture
def head(app: Flask) -> Account:
    return factories.account(HEAD, name="윤서연")


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield statements
    event.remove(db.engine, "before_cursor_execute", note)


def shown(application: Application, html: str) -> bool:
    return f'id="row-{application.public_id}"' in html


def path(application: Application, action: str = "") -> str:
    return f"/approvals/{application.public_id}" + (f"/{action}" if action else "")


def events(action: str) -> list[AuditEvent]:
    found = db.session.scalars(select(AuditEvent).where(AuditEvent.action == action))
    return list(found)


def test_the_list_shows_what_waits_for_ones_own_step_the_most_urgent_first(
    client: PageClient, leader: Account
) -> None:
    today = clock.today()
    late = factories.forwarded_application(due_on=today + timedelta(days=9))
    urgent = factories.forwarded_application(due_on=today)
    passed = factories.forwarded_application(due_on=today - timedelta(days=2))
    undated = factories.forwarded_application(due_on=None)
    at_head = factories.forwarded_application(state=State.REVIEWED)
    unsent = factories.forwarded_application(forwarded_at=None)
    done = factories.forwarded_application(state=State.APPROVED)

    html = client.log_in(leader).get("/approvals").text

    order = [html.index(f"row-{a.public_id}") for a in (passed, urgent, late, undated)]
    assert order == sorted(order)
    assert not [a for a in (at_head, unsent, done) if shown(a, html)]
    assert all(mark in html for mark in ("D-9", "D-day", "2일 지남"))
    assert '총 <strong class="num">4</strong>건' in html


def test_names_are_masked_in_the_list_and_whole_in_the_open_application(
    client: PageClient, leader: Account
) -> None:
    application = factories.forwarded_application()
    client.log_in(leader)

    html = client.get("/approvals").text
    assert "홍*동" in html and "홍길동" not in html
    assert "홍길동" in client.get(path(application)).text


def test_what_concerns_oneself_is_marked_for_the_acting_person_and_not_opened(
    client: PageClient, leader: Account
) -> None:
    line = factories.extension("0316441234", leader.person)
    application = factories.forwarded_application(factories.recording(line))
    client.log_in(leader)

    html = client.get("/approvals").text
    assert shown(application, html) and "대결 필요" in html
    html = client.get(path(application)).text

    assert "해당 통화의 당사자이므로" in html
    assert "홍길동" not in html and application.reason not in html
    assert "data-queue-approve" not in html
    assert not events("view")


@pytest.mark.both_databases
def test_the_list_takes_the_same_number_of_queries_whatever_its_length(
    client: PageClient, leader: Account
) -> None:
    factories.forwarded_application(factories.recording(factories.extension("2201")))
    client.log_in(leader)
    client.get("/approvals")
    with counted_queries() as few:
        client.get("/approvals")

    for n in range(12):
        line = factories.extension(f"22{n + 10}", factories.account().person)
        factories.forwarded_application(factories.recording(line), factories.recording(line))
    db.session.expire_all()
    with counted_queries() as many:
        client.get("/approvals")

    assert len(many) <= len(few) + 1, "\n".join(many)  # the holdings of nobody are no query
    assert len(many) < 25


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"one", "two"}),
        ("kind=provision", {"two"}),
        ("kind=nonsense&since=never&page=-3&per_page=7", {"one", "two"}),
        ("q=2031-00", {"one", "two"}),
        ("q=0042", {"one"}),
        ("q=031-0042", set()),
        ("q=김", {"two"}),
        ("q=%25", set()),
        ("since=2031-05-02", {"two"}),
        ("until=2031-05-01", {"one"}),
    ],
)
@pytest.mark.both_databases
def test_the_filter_finds_what_it_says(
    client: PageClient, leader: Account, query: str, found: set[str]
) -> None:
    day = clock.midnight(clock.today().replace(year=2031, month=5, day=1))
    applications = {
        "one": factories.forwarded_application(control_no="2031-0042", submitted_at=day),
        "two": factories.forwarded_application(
            control_no="2031-0043",
            applicant_name="김하나",
            disclosure_type="provision",
            submitted_at=day + timedelta(days=1),
        ),
    }

    html = client.log_in(leader).get(f"/approvals?{query}").text

    assert {name for name, a in applications.items() if shown(a, html)} == found


def test_pages_hold_ten_twenty_or_fifty(client: PageClient, leader: Account) -> None:
    for _ in range(11):
        factories.forwarded_application()
    client.log_in(leader)

    assert client.get("/approvals?per_page=10").text.count("data-queue-item") == 10
    assert client.get("/approvals?per_page=10&page=2").text.count("data-queue-item") == 1
    assert client.get("/approvals?per_page=10&page=99").text.count("data-queue-item") == 1


def test_opening_is_one_view_in_the_log_and_a_glance_at_the_list_is_none(
    client: PageClient, leader: Account
) -> None:
    application = factories.forwarded_application()
    client.log_in(leader).get("/approvals")
    assert not events("view")

    client.get(path(application))
    client.get(path(application), **HTMX)

    assert [e.subject for e in events("view")] == [application.public_id]


def test_opened_in_place_only_the_panel_comes(client: PageClient, leader: Account) -> None:
    application = factories.forwarded_application()
    client.log_in(leader).get("/approvals")

    html = client.get(path(application), **HTMX).text

    assert "<html" not in html and "data-queue-item" not in html
    assert 'id="panel-title"' in html and application.reason in html
    assert "팀장" in html and "검토 차례" in html
    assert "경기도 이천시 부악로 40" in html and "010-1234-5678" in html


@pytest.mark.parametrize("state", [State.RECEIVED, State.REVIEWED])
def test_who_has_nothing_to_do_with_it_does_not_learn_that_it_exists(
    client: PageClient, leader: Account, state: State
) -> None:
    unsent = factories.forwarded_application(forwarded_at=None)
    with write() as session:
        for transition in list(unsent.transitions):
            if transition.action == "forward":
                session.delete(transition)
    client.log_in(leader)

    client.get(path(unsent), status=404)
    client.get("/approvals/" + "0" * 32, status=404)
    client.get("/approvals")
    answer = client.http.post(
        path(unsent, "review"), data={"csrf_token": client.token, "seen": "3"}
    )
    assert answer.status_code == 404


def test_the_head_sees_the_course_but_not_the_facts_while_it_lies_with_the_leader(
    client: PageClient, head: Account
) -> None:
    application = factories.forwarded_application()

    html = client.log_in(head).get(path(application)).text

    assert "검토 차례" in html
    assert "홍길동" not in html and application.reason not in html
    assert not events("view")


def test_what_one_decided_is_in_the_other_list_the_newest_first(
    client: PageClient, leader: Account
) -> None:
    older, newer, others = (factories.forwarded_application() for _ in range(3))
    with write():
        decide.review(older, by=leader)
    with write():
        decide.return_(newer, by=leader, opinion="보완")
    somebody = factories.account(LEADER)
    with write():
        decide.review(others, by=somebody)

    html = client.log_in(leader).get("/approvals?tab=done").text

    assert html.index(f"row-{newer.public_id}") < html.index(f"row-{older.public_id}")
    assert not shown(others, html)
    assert "홍길동" in client.get(path(newer)).text, "who decided may read it again"


def poll_address(html: str, opened: str) -> str:
    address = html.split('hx-get="/approvals/poll')[1].split('"')[0]
    return f"/approvals/poll{address}&open={opened}"


def test_polling_brings_nothing_while_nothing_changed(client: PageClient, leader: Account) -> None:
    application = factories.forwarded_application()
    html = client.log_in(leader).get("/approvals").text

    address = poll_address(html, f"{application.public_id}.3")

    assert client.http.get(address, **HTMX).status_code == 204


def test_polling_brings_the_new_row_and_says_what_became_of_the_open_application(
    client: PageClient, leader: Account
) -> None:
    opened = factories.forwarded_application()
    html = client.log_in(leader).get(path(opened)).text
    address = poll_address(html, f"{opened.public_id}.3")
    arrived = factories.forwarded_application()
    other = factories.account(LEADER, name="이다른")
    with write():
        decide.review(opened, by=other)

    news = client.get(address, **HTMX).text

    assert shown(arrived, news) and not shown(opened, news)
    assert 'id="panel-news" hx-swap-oob' in news and "이다른(팀장)님이" in news
    assert f'value="{opened.public_id}.4"' in news, "told once, not every fifteen seconds"
    assert "<textarea" not in news, "what is typed stays as it is"


def test_polling_logs_nothing_and_keeps_no_session_alive(
    client: PageClient, leader: Account
) -> None:
    factories.forwarded_application()
    client.log_in(leader).get("/approvals")
    row = db.session.scalars(select(LoginSession)).one()
    seen, logged = row.seen_at, len(db.session.scalars(select(AuditEvent)).all())

    with clock.at(clock.now() + timedelta(minutes=5)):
        client.http.get("/approvals/poll", **HTMX)

    db.session.refresh(row)
    assert row.seen_at == seen
    assert len(db.session.scalars(select(AuditEvent)).all()) == logged


def test_polling_after_the_session_ended_does_not_tear_the_page_away(
    client: PageClient, leader: Account
) -> None:
    client.log_in(leader).get("/approvals")

    with clock.at(clock.now() + timedelta(hours=11)):
        answer = client.http.get("/approvals/poll", **HTMX)

    assert answer.status_code == 401
    assert "HX-Redirect" not in answer.headers


@pytest.mark.parametrize("role", [r for r in Role if r not in (LEADER, HEAD)])
def test_nobody_else_gets_in(client: PageClient, role: Role) -> None:
    application = factories.forwarded_application()
    client.log_in(factories.account(role))

    client.get("/approvals", status=403)
    client.get(path(application), status=403)
    client.get("/approvals/poll", status=403)
    answer = client.http.post(
        path(application, "review"), data={"csrf_token": client.token, "seen": "3"}
    )
    assert answer.status_code == 403
