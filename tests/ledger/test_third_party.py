"""제3자 제공 대장: the same rows under the law's heads, made public in time."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from client import PageClient
from documents.reading import packed, text_of
from ledger.sheets import rows_of
from ledger.test_pages import entered
from notices.conftest import kinds_of
from portal import clock
from portal.accounts.models import Account
from portal.applications.due import is_working_day
from portal.audit.models import AuditEvent
from portal.database import write
from portal.documents.text import korean_date
from portal.extensions import db
from portal.jobs.models import Job
from portal.ledger import third_party
from portal.ledger.models import LedgerRow, Publication
from portal.ledger.third_party_export import export_entries
from portal.ledger.third_party_paper import paper_line, print_entries
from portal.notices.awaited import remind_of_awaited
from portal.notices.kinds import Kind
from portal.roles import Role
from portal.runtime import settings
from queries import counted_queries


@pytest.fixture
def custodian(app: Flask) -> Account:
    return factories.account(Role.CUSTODIAN)


def provided(ground: int, **fields: Any) -> LedgerRow:
    """A row on a ground; 3–5 to an agency whose official signed."""
    official = {
        "applicant_name": "이천세무서", "official_department": "조사과", "official_rank": "주무관",
        "official_name": "오조사", "official_contact": "0316450112", "official_doc_no": "조사과-77",
        "legal_basis": "「국세기본법」 제81조의13",
    }  # fmt: skip
    return entered(ground=ground, **({**official, **fields} if ground >= 3 else fields))


def test_each_ground_but_the_partys_own_stands_in_it(app: Flask) -> None:
    rows = [provided(ground) for ground in range(1, 6)]

    entries = third_party.of_year(clock.today().year)

    assert [e.row.id for e in entries] == [rows[0].id, *(row.id for row in rows[2:])]
    assert [e.is_to_be_published for e in entries] == [False, True, False, True]
    assert [e.row.id for e in third_party.waiting_entries()] == [rows[2].id, rows[4].id]


def test_paper_export_and_screen_say_the_same_of_each_line(
    client: PageClient, custodian: Account
) -> None:
    provided(3), provided(1, applicant_name="김하나"), provided(5, purpose="=1+1 재판")
    year = clock.today().year
    entries = third_party.of_year(year)

    paper = text_of(print_entries(entries, f"{year}년"))
    book = rows_of(export_entries(entries, year, made_at=clock.now(), unmasked=True))[1:]
    masked = rows_of(export_entries(entries, year, made_at=clock.now()))[1:]
    listed = packed(client.log_in(custodian).get(f"/ledger/third-party?year={year}").text)

    assert len(book) == 3
    for entry, cells, hidden in zip(entries, book, masked, strict=True):
        line = paper_line(entry)
        for value in cells[:15]:
            assert packed(str(value)) in paper, value
        for value in (line.number, line.provided_on, line.form, line.items, line.purpose):
            assert packed(value) in listed, value
        assert packed(str(hidden[4])) in listed and hidden[7] == ""
    assert "김하나" not in str(masked) and "오조사" not in str(masked) and "김하나" not in listed
    assert "오조사" in paper and "031-645-0112" in paper and "수사" not in paper


def test_a_publication_is_noted_with_its_day_and_place_and_can_be_corrected(
    client: PageClient, custodian: Account
) -> None:
    row, year = provided(3), clock.today().year
    client.log_in(custodian)
    page = client.get("/ledger/third-party?state=waiting").text
    assert korean_date(clock.today() + timedelta(days=30)) in page

    for on, place in (("", "누리집"), (clock.today().isoformat(), ""),
                      ((clock.today() + timedelta(days=1)).isoformat(), "누리집"),
                      ((clock.today() - timedelta(days=1)).isoformat(), "누리집")):  # fmt: skip
        data = {"row": row.public_id, "on": on, "place": place}
        assert client.post("/ledger/third-party/publish", data).status_code == 422
    assert db.session.scalars(select(Publication)).all() == []
    for place in ("이천시 누리집", "관보 제1호"):
        data = {"row": row.public_id, "on": clock.today().isoformat(), "place": place}
        assert client.post("/ledger/third-party/publish", data).status_code == 303

    page = client.get("/ledger/third-party").text
    assert "관보 제1호" in page and "이천시 누리집" not in page.split('id="publish-')[0]
    assert third_party.waiting_entries() == []
    logged = select(AuditEvent).where(AuditEvent.action == "third_party.published")
    assert [e.subject for e in db.session.scalars(logged)] == [row.public_id] * 2
    assert packed("관보 제1호") in text_of(print_entries(third_party.of_year(year), ""))


def test_a_refused_note_keeps_the_page_of_the_list_and_what_was_typed(
    client: PageClient, custodian: Account
) -> None:
    rows = [provided(3) for _ in range(11)]
    client.log_in(custodian)
    page = client.get("/ledger/third-party?state=waiting&per_page=10&page=2").text
    action = re.search(r'action="(/ledger/third-party/publish[^"]*)"', page)
    assert action

    data = {"row": rows[0].public_id, "on": "2199-01-01", "place": "관보 제7호"}
    again = client.post(action[1].replace("&amp;", "&"), data)

    assert again.status_code == 422 and 'value="관보 제7호"' in again.text
    links = re.findall(r'href="(/ledger/third-party[^"]*per_page=[^"]*)"', again.text)
    assert links and all(link.startswith("/ledger/third-party?state=waiting") for link in links)


def test_only_what_is_to_be_published_is_and_by_custodians_alone(
    client: PageClient, custodian: Account
) -> None:
    row = provided(4)
    data = {"row": row.public_id, "on": clock.today().isoformat(), "place": "누리집"}
    client.log_in(custodian).get("/ledger/third-party")
    assert client.post("/ledger/third-party/publish", data).status_code == 422
    own = {**data, "row": provided(2).public_id}
    assert client.post("/ledger/third-party/publish", own).status_code == 404
    reader = PageClient(client.http.application).log_in(factories.account(Role.AUDITOR))
    assert "공개 기록" not in reader.get("/ledger/third-party").text
    assert db.session.scalars(select(Publication)).all() == []


def test_custodians_are_reminded_before_the_last_day_and_the_head_on_it(
    app: Flask, custodian: Account
) -> None:
    head = factories.account(Role.DIVISION_HEAD)
    row = provided(5)
    last = third_party.waiting_entries()[0].publish_by

    def told(days_before: int) -> list[list[str]]:
        day = last - timedelta(days=days_before)
        while not is_working_day(day):
            day += timedelta(days=1)
        with clock.at(clock.midnight(day) + timedelta(hours=9)):
            remind_of_awaited(day)
            remind_of_awaited(day)
        wanted = {Kind.TO_PUBLISH, Kind.PUBLICATION_LATE}
        return [[k for k in kinds_of(a) if k in wanted] for a in (custodian, head)]

    assert told(20) == [[], []]
    assert told(7) == [[Kind.TO_PUBLISH], []]
    assert told(-1) == [[Kind.TO_PUBLISH, Kind.PUBLICATION_LATE], [Kind.PUBLICATION_LATE]]
    with write():
        third_party.publish(
            third_party.waiting_entries()[0], on=clock.today(), place="누리집", by=custodian
        )
    assert third_party.waiting_entries() == [] and row.id


def test_a_year_of_it_is_asked_for_like_the_ledger(client: PageClient, custodian: Account) -> None:
    provided(3)
    year = clock.today().year
    client.log_in(custodian).get(f"/ledger/third-party?year={year}")

    client.post(f"/ledger/third-party/{year}/print", {"reason": ""})
    client.post(f"/ledger/third-party/{year}/print", {"reason": "연말 점검"})
    client.post(f"/ledger/third-party/{year}/export", {"reason": "연말 점검"})

    kinds = list(db.session.scalars(select(Job.kind).order_by(Job.id)))
    assert kinds == ["third_party_print", "third_party_export"]
    assert "제3자 제공 대장 인쇄본" in client.get("/prints").text
    assert client.post("/ledger/third-party/1999/print", {"reason": "x"}).status_code == 404


def test_the_list_takes_the_same_number_of_queries_whatever_its_length(
    client: PageClient, custodian: Account
) -> None:
    client.log_in(custodian)
    counted = []
    for more in (1, 3):
        for _ in range(more):
            provided(3)
        with counted_queries() as queries:
            client.get("/ledger/third-party")
        counted.append(len(queries))

    assert counted[0] == counted[1]


def test_the_law_is_worded_in_the_settings(app: Flask) -> None:
    law = settings().third_party

    assert law.grounds == (1, 3, 4, 5) and law.law(2) == ""
    assert law.publish_days == 30 and not law.is_published(1)
