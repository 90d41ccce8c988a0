"""Names and numbers are looked for on every list, and stand in no address."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from client import PageClient
from portal import clock
from portal.accounts.models import Account
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.finding.models import TypedSearch
from portal.finding.typed import forget_old, keep, words_of
from portal.roles import Role
from queries import counted_queries

#: Each list with a box for typed words, who reads it, and the name of the field.
LISTS = [
    ("/calls", Role.EMPLOYEE, "number"),
    ("/applications", Role.EMPLOYEE, "q"),
    ("/applications/counter", Role.COUNTER, "q"),
    ("/intake", Role.CUSTODIAN, "q"),
    ("/approvals", Role.TEAM_LEADER, "q"),
    ("/ledger", Role.AUDITOR, "q"),
    ("/log", Role.AUDITOR, "who"),
    ("/accounts", Role.CUSTODIAN, "q"),
    ("/organisation/people", Role.CUSTODIAN, "q"),
    ("/organisation/extensions", Role.CUSTODIAN, "q"),
]


@pytest.fixture
def someone(app: Flask) -> Account:
    return factories.account()


@pytest.mark.parametrize(("path", "role", "field"), LISTS)
def test_no_list_puts_what_is_typed_into_an_address(
    app: Flask, client: PageClient, path: str, role: Role, field: str
) -> None:
    client.log_in(factories.account(role)).get(path)

    typed = "고길동"  # no letters that the random part of an address has
    answer = client.post("/find", {"to": path, field: typed, "since": "2026-01-01", "until": ""})
    page = client.get(answer.location).text

    assert answer.status_code == 303
    assert re.fullmatch(rf"{path}\?since=2026-01-01&f=[\w-]+", answer.location)
    assert f'id="filter-{field}" name="{field}" value="{typed}"' in page
    carriers = re.findall(r'(?:href|hx-get|action)="([^"]*)"', page)
    assert not [address for address in carriers if typed in unquote(address)]


def test_the_pages_of_a_search_carry_its_id_on(app: Flask, client: PageClient) -> None:
    person = factories.account(Role.CUSTODIAN)
    for _ in range(12):
        factories.account(name="구민아")
    client.log_in(person).get("/accounts")

    answer = client.post("/find", {"to": "/accounts", "q": "구민아", "per_page": "10"})
    first = client.get(answer.location).text
    links = re.findall(r'href="(/accounts\?[^"]*page=2[^"]*)"', first)

    assert links and all("f=" in link and "q=" not in link for link in links)
    assert "구민아" in client.get(links[0].replace("&amp;", "&")).text


def test_with_htmx_the_list_is_renewed_in_its_box(client: PageClient, someone: Account) -> None:
    client.log_in(someone).get("/calls")

    answer = client.post(
        "/find",
        {"to": "/calls", "number": "01012345678"},
        headers={"HX-Request": "true", "HX-Target": "div#list"},
    )

    assert answer.status_code == 204
    assert '"target": "#list"' in answer.headers["HX-Location"]
    assert "01012345678" not in answer.headers["HX-Location"]


def test_nobody_reads_what_another_person_typed(client: PageClient, someone: Account) -> None:
    other = factories.account()
    with write():
        theirs = keep({"number": "01055556666"}, by=other)

    page = client.log_in(someone).get(f"/calls?f={theirs}").text

    assert "01055556666" not in page
    assert "다시 적어 찾아 주십시오" in page


def test_words_are_forgotten_with_the_longest_login(app: Flask, someone: Account) -> None:
    with write():
        public_id = keep({"q": "홍길동", "other": "kept out"}, by=someone)
    hours = timedelta(hours=app.extensions["portal"].config.settings.login.absolute_hours)
    assert words_of(public_id, someone) == {"q": "홍길동"}

    with clock.at(clock.now() + hours):
        assert words_of(public_id, someone) is None
        assert forget_old() == 1
    assert db.session.scalar(select(TypedSearch)) is None


def test_the_words_are_encrypted_where_they_lie(app: Flask, someone: Account) -> None:
    with write():
        keep({"q": "홍길동"}, by=someone)

    stored = db.session.connection().exec_driver_sql("SELECT words FROM typed_search").scalar()

    assert stored and "홍길동" not in stored and "\\u" not in stored


@pytest.mark.parametrize("to", ["", "https://example.org/", "//example.org", "/log?who=홍"])
def test_the_way_on_is_a_list_of_this_portal(client: PageClient, someone: Account, to: str) -> None:
    client.log_in(someone).get("/calls")

    assert client.post("/find", {"to": to, "q": "홍"}).status_code == 400


def test_a_search_without_words_keeps_nothing(client: PageClient, someone: Account) -> None:
    client.log_in(someone).get("/calls")

    answer = client.post("/find", {"to": "/calls", "number": "  ", "since": "2026-01-02"})

    assert answer.location == "/calls?since=2026-01-02"
    assert db.session.scalar(select(TypedSearch)) is None


def test_a_search_is_logged_without_its_words(app: Flask, client: PageClient) -> None:
    client.log_in(factories.account(Role.AUDITOR)).get("/ledger")

    client.get(client.post("/find", {"to": "/ledger", "q": "홍길동"}).location)

    event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
    assert event is not None and event.action == "ledger.search"
    assert "홍길동" not in str(event.detail)


def test_the_words_cost_one_query(client: PageClient, someone: Account) -> None:
    client.log_in(someone).get("/calls")
    found = client.post("/find", {"to": "/calls", "number": "5678"}).location
    client.get(found)

    with counted_queries() as plain:
        client.get("/calls?number=5678")
    with counted_queries() as searched:
        client.get(found)

    assert len(searched) == len(plain) + 1


def test_a_forgotten_search_at_an_address_that_is_none_is_not_found(
    client: PageClient, someone: Account
) -> None:
    client.log_in(someone)

    assert "찾는 화면이 없습니다" in client.get("/no-such-list?f=forgotten", status=404).text
