"""관리대장 over HTTP: the list and the paper."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

import factories
from client import PageClient
from portal import clock
from portal.accounts.models import Account
from portal.applications.states import State
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.jobs.models import Job
from portal.ledger import search
from portal.ledger.forms import wanted_of
from portal.ledger.models import LedgerRow
from portal.ledger.paper import approval_titles, paper_row
from portal.ledger.write_row import write_row
from portal.roles import Role


def entered(*calls: Any, remarks: str = "", **fields: Any) -> LedgerRow:
    application = factories.forwarded_application(*calls, state=State.APPROVED, **fields)
    with write():
        return write_row(
            application,
            basis="제7조제1항제2호",
            transferor_name="이보안",
            transferee_name=application.applicant_name,
            affiliation="경기도 이천시 부악로 40 (중리동)",
            remarks=remarks,
        )


@pytest.fixture
def auditor(app: Flask) -> Account:
    return factories.account(Role.AUDITOR)


def found(**given: str) -> set[int]:
    return {row.serial for row in db.session.scalars(search.statement(wanted_of(given)))}


def test_the_list_is_newest_first_and_masks_names_numbers_and_addresses(
    client: PageClient, auditor: Account
) -> None:
    entered(), entered(applicant_name="김하나", disclosure_type="provision")

    html = client.log_in(auditor).get("/ledger").text

    year = clock.today().year
    assert html.index(f"{year}-2<") < html.index(f"{year}-1<")
    assert "홍*동" in html and "김*나" in html and "010-****-5678" in html
    assert not [t for t in ("홍길동", "김하나", "1234-5678", "부악로") if t in html]
    assert '<strong class="num">2</strong>건' in html


@pytest.mark.parametrize(
    ("given", "serials"),
    [
        ({}, {1, 2, 3}),
        ({"kind": "provision"}, {2}),
        ({"year": "1999"}, set()),
        ({"year": "x", "kind": "x", "since": "x", "until": "2026-02-31"}, {1, 2, 3}),
        ({"q": "2031-0001"}, {1}),
        ({"q": "2031-"}, {1, 2, 3}),
        ({"q": "0002"}, {2}),
        ({"q": "김하나"}, {2}),
        ({"q": "하나"}, set()),
        ({"q": "5678"}, {1}),
        ({"q": "010-1234-5678"}, {1}),
        ({"q": "01012345678"}, {1}),
        ({"q": "0101234"}, {1}),
        ({"q": "12345678"}, set()),
        ({"q": "1234"}, {1, 3}),
        ({"q": "2201"}, {2}),
        ({"q": "6441"}, set()),
        ({"q": "%"}, set()),
        ({"q": "_"}, set()),
    ],
)
@pytest.mark.both_databases
def test_rows_are_found_by_what_one_knows_of_them(
    app: Flask, given: dict[str, str], serials: set[int]
) -> None:
    entered(control_no="2031-0001")
    entered(
        factories.recording(caller="2201", callee="021239999"),
        control_no="2031-0002",
        applicant_name="김하나",
        disclosure_type="provision",
    )
    two_calls = [
        factories.recording(caller="0212349999", callee="0317770000"),
        factories.recording(caller="0212349998", callee="0316441234"),
    ]
    entered(*two_calls, control_no="2031-0003", applicant_name="박둘")

    assert found(**given) == serials


@pytest.mark.both_databases
def test_the_period_is_that_of_days_in_seoul(app: Flask) -> None:
    today = clock.today()
    with clock.at(clock.midnight(today) - timedelta(seconds=1)):
        entered()
    with clock.at(clock.midnight(today)):
        entered()
    db.session.expire_all()

    rows = db.session.scalars(select(LedgerRow).order_by(LedgerRow.recorded_at)).all()
    since, until = found(since=str(today)), found(until=str(today - timedelta(days=1)))
    if rows[0].year == rows[1].year:
        assert (since, until) == ({2}, {1})


@pytest.mark.both_databases
def test_the_list_takes_the_same_number_of_queries_whatever_its_length(
    client: PageClient, auditor: Account
) -> None:
    entered()
    client.log_in(auditor).get("/ledger")
    counts = []
    for _ in range(2):
        statements: list[str] = []
        note = lambda *given: statements.append(given[2])  # noqa: B023,E731
        event.listen(db.engine, "before_cursor_execute", note)
        client.get("/ledger")
        event.remove(db.engine, "before_cursor_execute", note)
        counts.append(len(statements))
        for _ in range(8):
            entered()
        db.session.expire_all()

    assert counts[0] == counts[1]


def test_a_print_or_an_export_is_asked_for_with_a_reason(
    client: PageClient, auditor: Account
) -> None:
    entered()
    year = clock.today().year
    client.log_in(auditor)

    client.post(f"/ledger/{year}/print", {"reason": " "})
    assert "사유를" in client.get(f"/ledger?year={year}").text
    answer = client.post(f"/ledger/{year}/print", {"reason": "연말 정리"})
    client.post(f"/ledger/{year}/export", {"reason": "감사", "unmasked": "y"})
    assert client.post("/ledger/1999/print", {"reason": "연말 정리"}).status_code == 404

    assert answer.location == "/prints"
    jobs = db.session.scalars(select(Job).where(Job.asked_by_id == auditor.id)).all()
    assert [(job.kind, job.state) for job in jobs] == [
        ("ledger_print", "waiting"),
        ("ledger_export", "waiting"),
    ]
    logged = db.session.scalars(
        select(AuditEvent)
        .where(AuditEvent.action.in_(("ledger.print", "ledger.export")))
        .order_by(AuditEvent.seq)
    ).all()
    assert [event.reason for event in logged] == ["연말 정리", "감사"]
    assert '"unmasked":true' in logged[1].detail


def test_rows_from_before_a_change_of_the_approval_line_keep_their_columns(app: Flask) -> None:
    entered()
    row = db.session.scalars(select(LedgerRow)).one()
    db.session.expunge(row)
    row.approvals_text = "정보보호팀장 김하나 (대결)\n과장 윤서연"

    titles = approval_titles([row])

    assert titles == ("팀장", "과장", "정보보호팀장")
    assert paper_row(row, titles).approvals == ("", "윤서연", "김하나 (대결)")


def test_a_search_is_in_the_log_without_its_text(client: PageClient, auditor: Account) -> None:
    client.log_in(auditor).get("/ledger?q=홍길동")

    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "ledger.search")).one()
    assert "홍길동" not in event.detail and event.account == auditor.public_id


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.COUNTER])
def test_who_does_not_run_decide_or_audit_does_not_read_it(client: PageClient, role: Role) -> None:
    client.log_in(factories.account(role))

    client.get("/ledger", status=403)
    asked = client.post(f"/ledger/{clock.today().year}/export", {"reason": "궁금함"})
    assert asked.status_code == 403
