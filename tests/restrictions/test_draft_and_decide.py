"""기안과 결정: who may, what must be there, and of two at once one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from documents.reading import packed, text_of
from portal import clock
from portal.audit.models import AuditEvent
from portal.database import NotWriting, write
from portal.documents import issue
from portal.extensions import db
from portal.restrictions.decide import approve, lift, make_notice, refuse
from portal.restrictions.draft import withdraw
from portal.restrictions.models import UseRestriction
from portal.restrictions.refusals import BadEntry, Changed, MayNot, RestrictionRefused
from portal.roles import Role
from restrictions.cases import Case


def test_a_restriction_goes_from_draft_to_an_issued_notice_and_each_step_is_logged(
    app: Flask,
) -> None:
    case = Case()

    row = case.approved()

    assert row.state == "approved"
    assert (row.decided_by, row.capacity) == (case.head, "과장")
    assert row.number == f"정보통신과-사용제한-{clock.today().year}-0001"
    assert actions(row) == ["restriction.draft", "restriction.approve"]


def test_the_notice_prints_person_ground_facts_scope_period_and_its_number(app: Flask) -> None:
    row = Case().approved(facts="고지하지 않고 <b>녹취</b>함.")

    assert row.notice is not None
    text = text_of(issue.read(row.notice))
    for value in (
        "도시개발과 주무관 이도윤", "제9조제2호 (녹취 시 사전고지를 하지 않고 사용한 경우)",
        "고지하지 않고 <b>녹취</b>함.", "행정전화 녹음", row.number, "정보통신과장",
        "붙임 사용 제한 통지서 수령증 1부. 끝.", row.notice.verification_no,
    ):  # fmt: skip
        assert packed(value) in text


def test_only_a_custodian_drafts(app: Flask) -> None:
    for role in (Role.EMPLOYEE, Role.TEAM_LEADER, Role.DIVISION_HEAD, Role.AUDITOR):
        with pytest.raises(MayNot):
            Case(custodian=factories.account(role)).drafted()


def test_nobody_drafts_about_themselves(app: Flask) -> None:
    custodian = factories.account(Role.CUSTODIAN)

    with pytest.raises(MayNot):
        Case(custodian=custodian, person=custodian).drafted()


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("ground", {"ground": 5}),
        ("ground", {"ground": 0}),
        ("facts", {"facts": "  "}),
        ("facts", {"facts": "가" * 1001}),
        ("facts", {"facts": "800101-1234567이 통화함"}),
        ("facts", {"facts": "웃음 \U0001f600"}),
        ("scope", {"portal_use": False, "phone_recording": False}),
    ],
)
def test_a_draft_that_lacks_something_is_refused(
    app: Flask, field: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(BadEntry) as refused:
        Case().drafted(**changes)

    assert refused.value.field == field
    assert db.session.scalar(select(UseRestriction)) is None


def test_a_restriction_begins_today_at_the_earliest_and_does_not_end_before(app: Flask) -> None:
    day = clock.today()

    with pytest.raises(BadEntry):
        Case().drafted(from_on=day - timedelta(days=1))
    with pytest.raises(BadEntry):
        Case().drafted(from_on=day, last_on=day - timedelta(days=1))


def test_nothing_is_drafted_outside_a_change(app: Flask) -> None:
    case = Case()

    with pytest.raises(NotWriting):
        withdraw(case.drafted(), by=case.custodian)


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.TEAM_LEADER, Role.CUSTODIAN, Role.AUDITOR])
def test_only_the_head_decides(app: Flask, role: Role) -> None:
    row, other = Case().drafted(), factories.account(role)

    with pytest.raises(MayNot):
        make_notice(row, other)
    with pytest.raises(MayNot), write():
        refuse(row, by=other, opinion="아님")


def test_the_head_does_not_decide_about_themselves(app: Flask) -> None:
    head = factories.account(Role.DIVISION_HEAD)
    row = Case(head=head, person=head).drafted()

    with pytest.raises(MayNot, match="본인"):
        make_notice(row, head)


def test_who_drafted_does_not_decide(app: Flask) -> None:
    both = factories.account(Role.CUSTODIAN, Role.DIVISION_HEAD)
    row = Case(custodian=both, head=both).drafted()

    with pytest.raises(MayNot, match="기안한 사람"):
        make_notice(row, both)
    with pytest.raises(MayNot), write():
        refuse(row, by=both, opinion="아님")


def test_the_acting_person_decides_about_the_head_and_signs_as_such(app: Flask) -> None:
    head, leader = factories.account(Role.DIVISION_HEAD), factories.account(Role.TEAM_LEADER)
    factories.acting(leader, Role.DIVISION_HEAD)

    row = Case(head=leader, person=head).approved()

    assert row.capacity == "과장 대결"


def test_the_acting_person_keeps_back_while_the_head_can_decide(app: Flask) -> None:
    case, leader = Case(), factories.account(Role.TEAM_LEADER)
    factories.acting(leader, Role.DIVISION_HEAD)

    with pytest.raises(MayNot, match="대결"):
        make_notice(case.drafted(), leader)


def test_a_refusal_says_why_and_leads_to_no_notice(app: Flask) -> None:
    case = Case()
    row = case.drafted()

    with pytest.raises(BadEntry), write():
        refuse(row, by=case.head, opinion=" ")
    with write():
        refuse(row, by=case.head, opinion="사실로 볼 자료가 부족합니다.")

    assert (row.state, row.notice_id) == ("refused", None)


def test_what_was_decided_or_withdrawn_is_not_decided_again(app: Flask) -> None:
    case = Case()
    decided, withdrawn = case.drafted(), case.drafted()
    notice = make_notice(decided, case.head)
    with write():
        refuse(decided, by=case.head, opinion="자료 부족")
        withdraw(withdrawn, by=case.custodian)

    with pytest.raises(Changed), write():
        approve(decided, notice, by=case.head)
    with pytest.raises(Changed):
        make_notice(withdrawn, case.head)
    with pytest.raises(Changed), write():
        withdraw(decided, by=case.custodian)


def test_the_decider_approves_exactly_what_the_notice_says(app: Flask) -> None:
    case = Case()
    row = case.drafted()
    notice = make_notice(row, case.head)
    with write():
        row.last_on = None

    with pytest.raises(Changed), write():
        approve(row, notice, by=case.head)
    other = case.drafted()
    with pytest.raises(Changed), write():
        approve(other, notice, by=case.head)


def test_a_draft_whose_time_is_over_is_not_approved(app: Flask) -> None:
    case = Case()
    row = case.drafted(last_on=clock.today())

    with clock.at(timedelta(days=1)), pytest.raises(Changed):
        make_notice(row, case.head)


def test_only_the_drafter_takes_a_draft_back(app: Flask) -> None:
    case = Case()
    row, other = case.drafted(), factories.account(Role.CUSTODIAN)

    with pytest.raises(MayNot), write():
        withdraw(row, by=other)


def test_lifting_is_the_heads_decision_with_a_reason(app: Flask) -> None:
    case = Case()
    row = case.served()

    with pytest.raises(MayNot), write():
        lift(row, by=case.custodian, reason="끝")
    with pytest.raises(BadEntry), write():
        lift(row, by=case.head, reason="")
    assert row.is_in_force
    with write():
        lift(row, by=case.head, reason="교육을 마침")

    assert not row.is_in_force
    with pytest.raises(Changed), write():
        lift(row, by=case.head, reason="다시")


def test_nobody_lifts_what_restricts_themselves_or_what_was_never_approved(app: Flask) -> None:
    head, case = factories.account(Role.DIVISION_HEAD), Case()
    own, drafted = Case(person=head).served(), case.drafted()

    with pytest.raises(MayNot), write():
        lift(own, by=head, reason="스스로")
    with pytest.raises(RestrictionRefused), write():
        lift(drafted, by=case.head, reason="기안")


def actions(row: UseRestriction) -> list[str]:
    statement = select(AuditEvent.action).where(AuditEvent.subject == row.public_id)
    return list(db.session.scalars(statement.order_by(AuditEvent.seq)))
