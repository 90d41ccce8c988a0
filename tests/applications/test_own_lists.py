"""내 신청, 창구 신청 목록, and who sees one application."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event

import factories
from applications.papers import (
    citizen_draft,
    counter_officer,
    employee_with_call,
    own_draft,
    submitted,
)
from client import PageClient
from portal import clock
from portal.accounts.models import Account
from portal.applications.models import Application, ApprovalStep
from portal.applications.states import State
from portal.applications.visibility import may_see
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.roles import Role


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


def file_some(person: Account, count: int) -> None:
    line = factories.extension(f"6{person.id:03d}", person.person)
    for _ in range(count):
        submitted(own_draft(person, factories.recording(line)))


def test_own_applications_show_their_state_and_days_left_newest_first(
    client: PageClient,
) -> None:
    person, call = employee_with_call()
    submitted(own_draft(person, call))
    line = factories.extension("6500", person.person)
    own_draft(person, factories.recording(line, caller="01098765432"))
    other, others_call = employee_with_call()
    submitted(own_draft(other, others_call))

    page = client.log_in(person).get("/applications").text

    assert '총 <strong class="num">2</strong>건' in page
    assert page.index("010-****-5432") < page.index("010-****-5678")
    assert "이어서 작성" in page
    assert "D-" in page
    assert "01012345678" not in page
    assert "010-1234-5678" not in page


@pytest.mark.both_databases
def test_the_list_filters_by_state_and_day_and_turns_pages(client: PageClient) -> None:
    person = factories.account()
    file_some(person, 12)
    client.log_in(person)
    tomorrow = clock.today() + timedelta(days=1)

    assert client.get("/applications?per_page=10&page=2").text.count(">보기</a>") == 2
    assert client.get("/applications?state=submitted&per_page=50").text.count(">보기</a>") == 12
    assert "신청이 없습니다" in client.get("/applications?state=closed").text
    assert "신청이 없습니다" in client.get(f"/applications?since={tomorrow}").text
    assert client.get(f"/applications?until={clock.today()}&per_page=50").text.count("보기") >= 12


@pytest.mark.parametrize(
    "query",
    ["page=-1", "page=x", "per_page=9999", "state=nonsense", "since=어제"],
)
def test_odd_filters_are_no_error(client: PageClient, query: str) -> None:
    client.log_in(counter_officer())

    client.get(f"/applications?{query}")
    client.get(f"/applications/counter?{query}")


@pytest.mark.parametrize("address", ["/applications", "/applications/counter"])
@pytest.mark.both_databases
def test_a_long_list_takes_as_many_queries_as_a_short_one(client: PageClient, address: str) -> None:
    officer = counter_officer()
    client.log_in(officer)
    counts = []
    for more in (2, 10):
        file_some_of_both(officer, more)
        with counted_queries() as seen:
            client.get(f"{address}?per_page=50")
        counts.append(len(seen))

    assert counts[0] == counts[1]


def file_some_of_both(officer: Account, count: int) -> None:
    if not db.session.query(Application).count():
        factories.extension("6999", officer.person)
    for n in range(count):
        submitted(citizen_draft(officer, callee_number=f"03164420{n:02d}"))


def test_an_htmx_request_gets_the_list_alone(client: PageClient) -> None:
    client.log_in(factories.account())

    answer = client.get("/applications", headers={"HX-Request": "true"})

    assert "<html" not in answer.text


def test_the_counter_list_holds_those_of_the_office_and_no_draft_of_a_colleague(
    client: PageClient,
) -> None:
    officer = counter_officer(department_name="세정과")
    colleague = counter_officer(department_name="세정과")
    elsewhere = counter_officer(department_name="건축과")
    submitted(citizen_draft(colleague, applicant_name="가나다"))
    citizen_draft(colleague, applicant_name="라마바")
    submitted(citizen_draft(elsewhere, applicant_name="사아자"))
    citizen_draft(officer, applicant_name="차카타")

    page = client.log_in(officer).get("/applications/counter").text

    assert "가*다" in page
    assert "차*타" in page
    assert "라*바" not in page
    assert "사*자" not in page
    assert "가*다" in client.get("/applications/counter?q=가나").text
    assert "없습니다" in client.get("/applications/counter?q=%25").text


def with_approvers(application: Application) -> None:
    with write():
        application.state = State.RECEIVED
        application.forwarded_at = clock.now()
        application.steps = [
            ApprovalStep(position=1, role="team_leader", title="팀장"),
            ApprovalStep(position=2, role="division_head", title="과장"),
        ]


def test_who_may_see_an_application(app: Flask) -> None:
    officer = counter_officer(department_name="세정과")
    colleague = counter_officer(department_name="세정과")
    elsewhere = counter_officer(department_name="건축과")
    same_office = factories.account(department_name="세정과")
    custodian = factories.account(Role.CUSTODIAN)
    leader, head = factories.account(Role.TEAM_LEADER), factories.account(Role.DIVISION_HEAD)
    auditor = factories.account(Role.AUDITOR)
    draft = citizen_draft(officer)
    everybody = [
        officer,
        colleague,
        elsewhere,
        same_office,
        custodian,
        leader,
        head,
        auditor,
    ]

    def viewers() -> list[Account]:
        return [account for account in everybody if may_see(draft, account)]

    assert viewers() == [officer]
    submitted(draft)
    assert viewers() == [officer, colleague, custodian]
    with_approvers(draft)
    assert viewers() == [officer, colleague, custodian, leader]
    with write():
        draft.steps[0].decided_by_id, draft.steps[0].decided_at = leader.id, clock.now()
        draft.state = State.REVIEWED
    assert viewers() == [officer, colleague, custodian, leader, head]
    with write():
        draft.forwarded_at = None
    assert viewers() == [officer, colleague, custodian, leader]
    with write():
        draft.transferor_id = elsewhere.id
    assert viewers() == [officer, colleague, elsewhere, custodian, leader]
    with write():
        custodian.closed_at = clock.now()
    assert custodian not in viewers()


def test_the_one_page_shows_facts_steps_history_and_what_comes_next(
    client: PageClient,
) -> None:
    officer = counter_officer()
    filed = submitted(citizen_draft(officer))
    client.log_in(factories.account(Role.CUSTODIAN))

    page = client.get(f"/applications/{filed.public_id}").text

    for words in ("홍길동", "1980. 3. 4.", "010-1234-5678", "팀장 검토", "과장 승인", "다음 단계"):
        assert words in page
    last = db.session.query(AuditEvent).order_by(AuditEvent.seq.desc()).first()
    assert last is not None
    assert (last.action, last.subject) == ("view", filed.public_id)


def test_who_may_not_see_it_gets_the_same_answer_as_for_what_does_not_exist(
    client: PageClient,
) -> None:
    filed = submitted(citizen_draft(counter_officer()))
    client.log_in(factories.account())

    there = client.get(f"/applications/{filed.public_id}", 404).text
    nowhere = client.get(f"/applications/{'0' * 32}", 404).text

    assert there == nowhere


def test_every_state_has_its_page(client: PageClient) -> None:
    person, call = employee_with_call()
    filed = submitted(own_draft(person, call))
    client.log_in(person)

    for state in State:
        if state == State.DRAFT:
            continue
        with write():
            filed.state = state
        client.get(f"/applications/{filed.public_id}")
