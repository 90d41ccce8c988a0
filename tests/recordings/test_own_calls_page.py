"""내 통화: one's own calls and no others, no way to hear them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

import factories
from client import PageClient
from portal import clock
from portal.accounts.models import Account, Extension
from portal.audit.models import AuditEvent
from portal.clock import SEOUL
from portal.extensions import db

LIST = {"HX-Request": "true", "HX-Request-Type": "partial"}


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture
def person(app: Flask) -> Account:
    return factories.account()


@pytest.fixture
def line(person: Account) -> Extension:
    return factories.extension("1234", person.person)


def shown(client: PageClient, address: str = "/calls") -> str:
    return client.get(address).text


def test_the_list_shows_own_calls_masked_with_days_left_and_a_way_to_apply(
    client: PageClient, person: Account, line: Extension
) -> None:
    call = factories.recording(line)
    client.log_in(person)

    page = shown(client)

    assert "010-****-5678" in page
    assert "5678" in page
    assert "01012345678" not in page
    assert "010-1234" not in page
    assert "D-31" in page
    assert f"/applications/new?call={call.public_id}" in page
    for word in ("audio", "재생", "다운로드", "/media"):
        assert word not in page


def test_calls_of_others_of_shared_lines_and_of_other_times_are_not_there(
    client: PageClient, person: Account
) -> None:
    other = factories.account()
    factories.recording(factories.extension("2000", other.person), caller="01011110001")
    factories.recording(
        factories.extension("2001", person.person, other.person), caller="01011110002"
    )
    today = clock.today()
    former = factories.extension("2002", person.person, until_on=today - timedelta(days=1))
    future = factories.extension("2003", person.person, from_on=today + timedelta(days=1))
    factories.recording(former, caller="01011110003")
    factories.recording(future, caller="01011110004")
    factories.recording(former, caller="01011110005", called_at=clock.now() - timedelta(days=3))
    client.log_in(person)

    page = shown(client)

    assert "010-****-0005" in page
    for last in ("0001", "0002", "0003", "0004"):
        assert f"-{last}" not in page


def test_a_call_is_gone_from_the_midnight_of_its_deletion_on(
    client: PageClient, person: Account, line: Extension
) -> None:
    called_at = datetime(2027, 3, 2, 15, 0, tzinfo=SEOUL)
    factories.recording(line, called_at=called_at)
    ends = clock.midnight(date(2027, 4, 2))

    with clock.at(ends - timedelta(seconds=1)):
        client.log_in(person)
        assert '총 <strong class="num">1</strong>건' in shown(client)
        assert "D-1" in shown(client)
    with clock.at(ends):
        assert '총 <strong class="num">0</strong>건' in shown(client)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("number=5678", {"5678"}),
        ("number=010-9876-5432", {"5432"}),
        ("number=0109876", {"5432"}),
        ("number=1234", {"5678", "5432"}),  # the other side's 031-644-1234
        ("number=%25", set()),
        ("number=_%25'", set()),
        ("number=%EB%AA%A8%EB%A6%84", set()),
        ("since=2027-03-02", {"5432"}),
        ("until=2027-03-01", {"5678"}),
        ("since=2027-03-01&until=2027-03-02", {"5678", "5432"}),
        ("since=nonsense&until=9999-99-99", {"5678", "5432"}),
    ],
)
@pytest.mark.both_databases
def test_the_filter_finds_by_period_and_by_whole_beginning_or_last_four_digits(
    client: PageClient, person: Account, line: Extension, query: str, found: set[str]
) -> None:
    for day, caller in ((1, "01012345678"), (2, "01098765432")):
        factories.recording(
            line, caller=caller, called_at=datetime(2027, 3, day, 23, 59, tzinfo=SEOUL)
        )
    with clock.at(datetime(2027, 3, 4, tzinfo=SEOUL)):
        client.log_in(person)
        page = client.get(f"/calls?{query}", headers=LIST).text

    assert {last for last in ("5678", "5432") if f"010-****-{last}" in page} == found


@pytest.mark.both_databases
def test_a_longer_list_asks_no_more_queries(
    client: PageClient, person: Account, line: Extension
) -> None:
    client.log_in(person)
    factories.recording(line)
    shown(client)
    with counted_queries() as few:
        shown(client)
    for _ in range(30):
        factories.recording(line)

    with counted_queries() as many:
        page = shown(client, "/calls?per_page=50")

    assert page.count('aria-label="') > 30
    assert len(many) == len(few) <= 13  # twelve queries, and the BEGIN that SQLite needs


def test_looking_at_the_list_is_one_event_for_ten_minutes(
    client: PageClient, person: Account, line: Extension
) -> None:
    client.log_in(person)
    for _ in range(3):
        shown(client)

    events = db.session.scalars(
        select(AuditEvent).where(
            AuditEvent.action == "view", AuditEvent.subject == person.person.public_id
        )
    ).all()
    assert len(events) == 1


def test_the_person_states_the_notice_and_can_correct_the_own_word(
    client: PageClient, person: Account, line: Extension
) -> None:
    call = factories.recording(line)
    client.log_in(person)
    shown(client)

    client.post(f"/calls/{call.public_id}/notice", {"notice": "spoken"})
    first = shown(client)
    answer = client.post(f"/calls/{call.public_id}/notice", {"notice": "none"}, headers=LIST)

    db.session.rollback()
    assert "구두로 고지함" in first
    assert "본인 기록" in first
    assert answer.status_code == 200
    assert (call.prior_notice, call.notice_source) == ("none", f"account:{person.public_id}")
    details = db.session.scalars(
        select(AuditEvent.detail)
        .where(AuditEvent.action == "notice.state")
        .order_by(AuditEvent.seq)
    ).all()
    assert details == [
        '{"before":"unknown","kind":"spoken"}',
        '{"before":"spoken","kind":"none"}',
    ]


@pytest.mark.parametrize("stands", ["announcement", "none", "spoken"])
def test_what_the_recorder_says_cannot_be_talked_over(
    client: PageClient, person: Account, line: Extension, stands: str
) -> None:
    call = factories.recording(line, prior_notice=stands, notice_source="recorder")
    client.log_in(person)
    page = shown(client)

    answer = client.post(f"/calls/{call.public_id}/notice", {"notice": "spoken"}, headers=LIST)

    db.session.rollback()
    assert "출처: recorder" in page
    assert f"/calls/{call.public_id}/notice" not in page
    assert (answer.status_code, call.prior_notice) == (409, stands)


def test_nobody_states_the_notice_of_anothers_call_nor_learns_that_there_is_one(
    client: PageClient, person: Account, line: Extension
) -> None:
    call = factories.recording(line)
    client.log_in(factories.account())
    shown(client)

    others = client.post(f"/calls/{call.public_id}/notice", {"notice": "spoken"})
    nothing = client.post(f"/calls/{'0' * 32}/notice", {"notice": "spoken"})

    db.session.rollback()
    assert (others.status_code, nothing.status_code) == (404, 404)
    assert call.prior_notice == "unknown"


@pytest.mark.parametrize("word", ["announcement", "unknown", "", "yes"])
def test_only_spoken_and_none_can_be_stated(
    client: PageClient, person: Account, line: Extension, word: str
) -> None:
    call = factories.recording(line)
    client.log_in(person)
    shown(client)

    answer = client.post(f"/calls/{call.public_id}/notice", {"notice": word})

    db.session.rollback()
    assert (answer.status_code, call.prior_notice) == (400, "unknown")


def test_a_call_past_its_day_takes_no_statement(
    client: PageClient, person: Account, line: Extension
) -> None:
    fields: dict[str, Any] = {"delete_on": clock.today()}
    call = factories.recording(line, **fields)
    client.log_in(person)
    shown(client)

    answer = client.post(f"/calls/{call.public_id}/notice", {"notice": "spoken"})

    assert answer.status_code == 404


def test_without_scripts_the_answer_leads_back_to_the_same_list_only(
    client: PageClient, person: Account, line: Extension
) -> None:
    first, second = factories.recording(line), factories.recording(line)
    client.log_in(person)
    shown(client)

    back = client.post(
        f"/calls/{first.public_id}/notice", {"notice": "spoken", "next": "/calls?number=5678"}
    )
    away = client.post(
        f"/calls/{second.public_id}/notice", {"notice": "spoken", "next": "//evil.example/"}
    )

    assert (back.status_code, back.location) == (303, "/calls?number=5678")
    assert away.location == "/calls"
