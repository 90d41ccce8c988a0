"""Naming acting deciders: one asks, another confirms."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from client import PageClient
from portal import clock
from portal.accounts.acting import Assignment, end_acting, name_acting, state_of
from portal.accounts.changes import confirm, decline
from portal.accounts.grant_role import ask_for_revocation, ask_for_role
from portal.accounts.history import history_of
from portal.accounts.models import Account, ActingAssignment
from portal.accounts.refusals import AccountRefused, AlreadyAsked, MayNot, NotSecondPerson
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.roles import Role

LEADER = Role.TEAM_LEADER
DAY = timedelta(days=1)


def wanted(**fields: Any) -> Assignment:
    today = clock.today()
    return Assignment(
        **{"role": LEADER, "from_on": today, "last_on": today, "reason": "연가", **fields}
    )


@pytest.fixture
def custodian(app: Flask) -> Account:
    return factories.account(Role.CUSTODIAN)


def typed(account: Account, **fields: str) -> dict[str, str]:
    today = clock.today().isoformat()
    return {
        "role": LEADER,
        "substitute": account.login,
        "in_place_of": "",
        "from_on": today,
        "last_on": today,
        "reason": "연가",
        **fields,
    }


def test_nobody_acts_before_a_second_person_confirmed(custodian: Account) -> None:
    substitute, second = factories.account(), factories.account(Role.CUSTODIAN)
    with write():
        row = name_acting(substitute, wanted(), by=custodian)
    assert substitute.acting_roles == frozenset() and state_of(row) == "확인 대기"

    outsider = factories.account()
    for not_second in (custodian, substitute, outsider):
        with pytest.raises((NotSecondPerson, MayNot)), write():
            confirm(row.change, by=not_second)
    with write():
        confirm(row.change, by=second)

    assert substitute.acting_roles == {LEADER} and state_of(row) == "시행 중"
    actions = set(db.session.scalars(select(AuditEvent.action)))
    assert {"account.name_acting_asked", "account.name_acting_confirmed"} <= actions


def test_what_was_declined_is_never_in_force(custodian: Account) -> None:
    substitute = factories.account()
    with write():
        row = name_acting(substitute, wanted(), by=custodian)
    second = factories.account(Role.CUSTODIAN)
    with write():
        decline(row.change, by=second)

    assert substitute.acting_roles == frozenset() and state_of(row) == "거절"
    with pytest.raises(AccountRefused), write():
        end_acting(row, by=custodian)


def test_it_is_in_force_from_its_first_day_through_its_last(app: Flask) -> None:
    today = clock.today()
    substitute = factories.account()
    factories.acting(substitute, LEADER, from_on=today + DAY, last_on=today + 2 * DAY)

    in_force = []
    for n in range(4):
        with clock.at(clock.midnight(today + n * DAY)):
            in_force.append(substitute.acting_roles == {LEADER})

    assert in_force == [False, True, True, False]


@pytest.mark.parametrize(
    "fields",
    [
        {"reason": "   "},
        {"reason": "가" * 201},
        {"last_on": clock.today() - DAY},
        {"from_on": clock.today() + DAY},
        {"last_on": clock.today() + 400 * DAY},
        {"role": Role.AUDITOR},
        {"role": Role.COUNTER},
    ],
)
def test_what_is_no_assignment_is_refused(custodian: Account, fields: dict[str, Any]) -> None:
    substitute = factories.account()
    with pytest.raises(AccountRefused), write():
        name_acting(substitute, wanted(**fields), by=custodian)


def test_a_holder_an_auditor_and_a_closed_account_are_not_named(custodian: Account) -> None:
    for roles in ([LEADER], [Role.AUDITOR]):
        named = factories.account(*roles)
        with pytest.raises(AccountRefused), write():
            name_acting(named, wanted(), by=custodian)
    closed = factories.account()
    with write():
        closed.closed_at = clock.now()
    with pytest.raises(AccountRefused), write():
        name_acting(closed, wanted(), by=custodian)


def test_nobody_is_away_from_a_step_they_do_not_hold(custodian: Account) -> None:
    substitute, other = factories.account(), factories.account()
    with pytest.raises(AccountRefused), write():
        name_acting(substitute, wanted(in_place_of=other), by=custodian)


def test_only_a_custodian_names_and_the_same_is_asked_once(custodian: Account) -> None:
    substitute, leader = factories.account(), factories.account(LEADER)
    with pytest.raises(MayNot), write():
        name_acting(substitute, wanted(), by=leader)
    with write():
        name_acting(substitute, wanted(), by=custodian)
    with pytest.raises(AlreadyAsked), write():
        name_acting(substitute, wanted(), by=custodian)


def test_the_page_names_and_the_second_person_reads_days_and_reason(
    client: PageClient, custodian: Account
) -> None:
    holder = factories.account(LEADER, name="정팀장")
    substitute = factories.account(name="김대신")
    client.log_in(custodian).get("/accounts/acting")

    answer = client.post("/accounts/acting", typed(substitute, in_place_of=holder.public_id))

    assert answer.status_code == 303
    assert "확인 대기" in client.get("/accounts/acting").text
    other = PageClient(client.http.application)
    html = other.log_in(factories.account(Role.CUSTODIAN)).get("/accounts/changes").text
    assert "팀장 직무대리 지정" in html and "정팀장" in html and "연가" in html
    row = db.session.scalars(select(ActingAssignment)).one()
    other.post(f"/accounts/changes/{row.change.public_id}/confirm")
    html = client.get("/accounts/acting").text
    assert "시행 중" in html
    client.post(f"/accounts/acting/{row.public_id}/end")
    assert "끝내기" not in client.get("/accounts/acting").text


def test_wrong_input_stays_on_the_page_with_what_to_correct(
    client: PageClient, custodian: Account
) -> None:
    substitute = factories.account()
    client.log_in(custodian).get("/accounts/acting")

    for fields, message in (
        ({"substitute": "nobody"}, "그 아이디의 계정이 없습니다"),
        ({"from_on": "내일"}, "2026-11-23처럼"),
        ({"role": "auditor"}, "결재선에 있는 직책"),
        ({"role": "xyz"}, "결재선에 있는 직책"),
        ({"reason": ""}, "사유를 입력"),
    ):
        answer = client.post("/accounts/acting", typed(substitute, **fields))
        assert answer.status_code == 422 and message in answer.text, message
    assert db.session.scalars(select(ActingAssignment)).all() == []


def test_the_history_says_who_had_which_role_when_and_who_gave_and_confirmed_it(
    client: PageClient, custodian: Account
) -> None:
    account = factories.account(Role.COUNTER, name="한지우")
    confirmer = factories.account(Role.CUSTODIAN, name="박확인")
    with write():
        change = ask_for_role(account, LEADER, by=custodian)
        ask_for_revocation(account, Role.COUNTER, by=custodian)
    assert change
    with write():
        confirm(change, by=confirmer)
    factories.acting(account, Role.DIVISION_HEAD)

    held = {(h.role, h.acting): h for h in history_of(account)}

    assert set(held) == {
        ("employee", False),
        ("counter", False),
        ("team_leader", False),
        ("division_head", True),
    }
    assert held["counter", False].until and not held["team_leader", False].until
    leader = held["team_leader", False]
    assert (leader.given_by, leader.confirmed_by) == (custodian.name, "박확인")
    html = client.log_in(custodian).get(f"/accounts/{account.public_id}").text
    assert "박확인" in html and "과장 직무대리" in html
    own = PageClient(client.http.application).log_in(account).get("/account").text
    assert "권한 이력" in own and "민원창구 직원" in own
