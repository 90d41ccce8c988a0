"""검토, 승인, 반려, 거절."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from portal import clock
from portal.accounts.models import Account, Department
from portal.applications.conflict import Conflict
from portal.applications.models import Application
from portal.applications.states import Action, State, WrongState
from portal.approvals import decide
from portal.approvals.refusals import (
    AlreadyDecided,
    BadOpinion,
    NoSuchTransferor,
    NotYourStep,
)
from portal.audit.models import AuditEvent
from portal.audit.verify import verify
from portal.database import NotWriting, write
from portal.extensions import db
from portal.roles import Role

VERBS: dict[Action, Callable[..., Any]] = {
    Action.REVIEW: decide.review,
    Action.APPROVE: decide.approve,
    Action.RETURN: decide.return_,
    Action.REFUSE: decide.refuse,
}
REASON = "가입사실확인서의 번호가 신청서와 다릅니다."
LEADER, HEAD = Role.TEAM_LEADER, Role.DIVISION_HEAD


def carry_out(application: Application, action: Action, by: Account, **more: Any) -> None:
    with write():
        VERBS[action](application, by=by, **({"opinion": REASON} | more))


def test_the_leaders_review_passes_it_on_and_the_heads_approval_decides(app: Flask) -> None:
    leader, head = factories.account(LEADER), factories.account(HEAD)
    application = factories.forwarded_application()

    carry_out(application, Action.REVIEW, leader, opinion="")
    assert (application.state, application.decided_at) == (State.REVIEWED, None)
    carry_out(application, Action.APPROVE, head, opinion="")

    first, second = application.steps
    assert application.state == State.APPROVED
    assert application.decided_at is not None
    assert application.transferor_id is None, "the custodian hands over"
    assert (first.decided_by_id, first.capacity) == (leader.id, "팀장")
    assert (second.decided_by_id, second.capacity) == (head.id, "과장")
    assert application.current_step is None


def test_a_differing_opinion_stays_on_the_step_and_in_the_history(app: Flask) -> None:
    leader = factories.account(LEADER)
    application = factories.forwarded_application()

    carry_out(application, Action.REVIEW, leader, opinion="  제공은 어렵다고 봅니다.\r\n의견 다름 ")

    kept = "제공은 어렵다고 봅니다.\n의견 다름"
    assert application.steps[0].opinion == kept
    last = application.transitions[-1]
    assert (last.action, last.opinion, last.by_id) == (Action.REVIEW, kept, leader.id)


@pytest.mark.parametrize("state", [State.RECEIVED, State.REVIEWED])
def test_a_return_empties_the_steps_and_keeps_what_was_decided_in_the_history(
    app: Flask, state: State
) -> None:
    role = LEADER if state == State.RECEIVED else HEAD
    by = factories.account(role)
    application = factories.forwarded_application(state=state)
    entries = len(application.transitions)

    carry_out(application, Action.RETURN, by)

    assert application.state == State.RECEIVED
    assert application.forwarded_at is None
    assert application.current_step is None
    assert [(s.decided_by_id, s.decided_at, s.capacity, s.opinion) for s in application.steps] == [
        (None, None, "", ""),
        (None, None, "", ""),
    ]
    assert len(application.transitions) == entries + 1
    assert application.transitions[-1].opinion == REASON


def test_a_refusal_is_final_and_keeps_its_reason(app: Flask) -> None:
    head = factories.account(HEAD)
    application = factories.forwarded_application(state=State.REVIEWED)

    carry_out(application, Action.REFUSE, head)

    assert application.state == State.REFUSED
    assert application.decided_at is not None
    assert application.steps[1].opinion == REASON
    with pytest.raises(AlreadyDecided):
        carry_out(application, Action.APPROVE, factories.account(HEAD))


@pytest.mark.parametrize("opinion", ["", "  \n ", "\u200b\u3164"])
@pytest.mark.parametrize("action", [Action.RETURN, Action.REFUSE])
def test_nobody_returns_or_refuses_without_saying_why(
    app: Flask, action: Action, opinion: str
) -> None:
    application = factories.forwarded_application(state=State.REVIEWED)

    with pytest.raises(BadOpinion, match="의견을 적어"):
        carry_out(application, action, factories.account(HEAD), opinion=opinion)

    assert application.state == State.REVIEWED


@pytest.mark.parametrize("opinion", ["가" * 1001, "본인 확인 800101-1234567 완료"])
def test_an_opinion_that_cannot_be_kept_is_refused(app: Flask, opinion: str) -> None:
    application = factories.forwarded_application()

    with pytest.raises(BadOpinion):
        carry_out(application, Action.REVIEW, factories.account(LEADER), opinion=opinion)


def test_one_person_never_fills_both_columns(app: Flask) -> None:
    both = factories.account(LEADER, HEAD)
    application = factories.forwarded_application(state=State.REVIEWED, leader=both)

    for action in (Action.APPROVE, Action.RETURN, Action.REFUSE):
        with pytest.raises(Conflict, match="앞 단계"):
            carry_out(application, action, both)


def test_a_returned_application_may_be_reviewed_by_the_same_leader_again(app: Flask) -> None:
    leader, head = factories.account(LEADER), factories.account(HEAD)
    application = factories.forwarded_application(state=State.REVIEWED, leader=leader)
    carry_out(application, Action.RETURN, head)
    with write():
        application.forwarded_at = clock.now()

    carry_out(application, Action.REVIEW, leader)

    assert application.state == State.REVIEWED


@pytest.mark.parametrize("relation", ["applicant", "enterer", "party", "asked"])
@pytest.mark.parametrize("action", list(VERBS))
def test_nobody_decides_on_what_concerns_themselves(
    app: Flask, action: Action, relation: str
) -> None:
    at_head = action in (Action.APPROVE, Action.REFUSE)
    by = factories.account(HEAD if at_head else LEADER)
    line = factories.extension("0316441234", by.person)
    own = factories.recording(line)
    given: dict[str, Any] = {
        "applicant": {"applicant_id": by.person_id, "applicant_kind": "employee"},
        "enterer": {"entered_by": by},
        "party": {},
        "asked": {"asked_recording_id": own.id},
    }[relation]
    calls = [factories.recording(), own] if relation == "party" else [factories.recording()]
    state = State.REVIEWED if at_head else State.RECEIVED
    application = factories.forwarded_application(*calls, state=state, **given)

    with pytest.raises(Conflict, match="처리할 수 없습니다"):
        carry_out(application, action, by)

    assert application.state == state


def test_who_held_the_extension_on_another_day_is_no_party(app: Flask) -> None:
    leader = factories.account(LEADER)
    line = factories.extension(
        "0316441234", leader.person, until_on=clock.today().replace(year=2021)
    )
    application = factories.forwarded_application(factories.recording(line))

    carry_out(application, Action.REVIEW, leader)

    assert application.state == State.REVIEWED


def test_a_closed_account_decides_nothing(app: Flask) -> None:
    leader = factories.account(LEADER)
    application = factories.forwarded_application()
    with write():
        leader.closed_at = clock.now()

    with pytest.raises(NotYourStep, match="사용이 끝난 계정"):
        carry_out(application, Action.REVIEW, leader)


def test_a_revoked_role_decides_nothing(app: Flask) -> None:
    leader = factories.account(LEADER)
    application = factories.forwarded_application()
    with write():
        next(g for g in leader.grants if g.role == LEADER).revoked_at = clock.now()

    with pytest.raises(NotYourStep, match="차례"):
        carry_out(application, Action.REVIEW, leader)


def test_who_read_an_older_application_does_not_decide_on_the_newer_one(app: Flask) -> None:
    leader, other = factories.account(LEADER), factories.account(LEADER, name="박정호")
    application = factories.forwarded_application()
    seen = len(application.transitions)
    carry_out(application, Action.RETURN, other)
    with write():
        application.forwarded_at = clock.now()  # forwarded again, with other recordings

    with pytest.raises(AlreadyDecided, match=r"박정호\(팀장\)님이 .* 먼저 '반려'"):
        carry_out(application, Action.REVIEW, leader, seen=seen)


def test_the_approval_names_a_counter_officer_of_that_office_or_nobody(app: Flask) -> None:
    enterer = factories.account(Role.COUNTER, department_name="민원과")
    colleague = factories.account(Role.COUNTER, department_name="민원과")
    elsewhere = factories.account(Role.COUNTER, department_name="세무과")
    clerk = factories.account(department_name="민원과")
    closed = factories.account(Role.COUNTER, department_name="민원과")
    with write():
        closed.closed_at = clock.now()
    office_id = db.session.scalar(select(Department.id).where(Department.name == "민원과"))
    head = factories.account(HEAD)
    application = factories.forwarded_application(
        state=State.REVIEWED, entered_by=enterer, office_id=office_id
    )

    for wrong in (enterer, elsewhere, clerk, closed, head):
        with pytest.raises(NoSuchTransferor):
            carry_out(application, Action.APPROVE, head, transferor=wrong)
    carry_out(application, Action.APPROVE, head, transferor=colleague)

    assert application.transferor_id == colleague.id


def test_what_no_counter_entered_is_handed_over_by_the_custodian(app: Flask) -> None:
    application = factories.forwarded_application(state=State.REVIEWED)

    with pytest.raises(NoSuchTransferor):
        carry_out(
            application,
            Action.APPROVE,
            factories.account(HEAD),
            transferor=factories.account(Role.COUNTER),
        )


def test_each_decision_is_in_the_log_without_its_words(app: Flask) -> None:
    leader = factories.account(LEADER)
    application = factories.forwarded_application()

    carry_out(application, Action.REVIEW, leader, opinion="비밀스러운 의견")

    event = db.session.scalars(select(AuditEvent)).one()
    assert (event.action, event.account) == ("application.review", leader.public_id)
    assert event.subject == application.public_id
    assert "의견" not in event.detail
    assert verify().sound


def test_a_decision_outside_of_write_is_refused(app: Flask) -> None:
    application, leader = factories.forwarded_application(), factories.account(LEADER)

    with pytest.raises(NotWriting):
        decide.review(application, by=leader)


def at_state(state: State) -> Application:
    """An application in a state, made consistent enough for the guards to look at."""
    lying = state if state in (State.REVIEWED, State.APPROVED, State.REFUSED) else State.RECEIVED
    application = factories.forwarded_application(state=lying)
    with write():
        application.state = state
        if state in (State.DRAFT, State.SUBMITTED):
            application.forwarded_at = None
    return application


#: Everything that is allowed; every other role × state × action is refused.
ALLOWED: dict[tuple[Role, State, Action], State] = {
    (LEADER, State.RECEIVED, Action.REVIEW): State.REVIEWED,
    (LEADER, State.RECEIVED, Action.RETURN): State.RECEIVED,
    (HEAD, State.REVIEWED, Action.APPROVE): State.APPROVED,
    (HEAD, State.REVIEWED, Action.RETURN): State.RECEIVED,
    (HEAD, State.REVIEWED, Action.REFUSE): State.REFUSED,
}


@pytest.mark.parametrize("state", list(State))
def test_every_role_in_every_state_can_do_what_the_table_says_and_nothing_else(
    app: Flask, state: State
) -> None:
    people = {role: factories.account(role) for role in Role}

    for role, by in people.items():
        for action in VERBS:
            application = at_state(state)
            entries = len(application.transitions)
            after = ALLOWED.get((role, state, action))
            if after is None:
                with pytest.raises((WrongState, NotYourStep, AlreadyDecided)) as refusal:
                    carry_out(application, action, by)
                assert str(refusal.value)
                db.session.refresh(application)
                assert application.state == state, (role, action)
                assert len(application.transitions) == entries
            else:
                carry_out(application, action, by)
                assert application.state == after, (role, action)
                assert len(application.transitions) == entries + 1


@pytest.mark.parametrize("state", [State.RECEIVED, State.REVIEWED])
def test_what_was_received_but_not_forwarded_cannot_be_decided(app: Flask, state: State) -> None:
    leader = factories.account(LEADER, HEAD)
    application = factories.forwarded_application()
    with write():
        application.state = state
        application.forwarded_at = None

    for action in VERBS:
        with pytest.raises(WrongState):
            carry_out(application, action, leader)
