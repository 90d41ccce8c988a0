"""Who gets what: the table whole, in code, in the docs, and in what really is written."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from notices.conftest import kinds_of
from portal import clock
from portal.accounts import changes
from portal.accounts.acting import end_acting, shorten_acting
from portal.accounts.close_account import close_account
from portal.accounts.grant_role import ask_for_role
from portal.accounts.models import Account
from portal.accounts.refusals import BadAssignment, MayNot
from portal.accounts.reset import ask_for_password_reset
from portal.announcements import announce
from portal.applications.models import Application
from portal.applications.move import move
from portal.applications.states import TRANSITIONS, Action, State
from portal.approvals import decide
from portal.database import write
from portal.extensions import db
from portal.notices import when
from portal.notices.kinds import Kind
from portal.notices.models import CallTask, Notice
from portal.notices.who import NOBODY, TABLE, as_markdown, rows_of
from portal.notices.wording import WORDS, words_of
from portal.roles import Role

DOCS = Path(__file__).resolve().parents[2] / "docs/notices.md"
LEADER, HEAD = Role.TEAM_LEADER, Role.DIVISION_HEAD


@pytest.fixture
def custodian(app: Flask) -> Account:
    return factories.account(Role.CUSTODIAN)


def employees_application(applicant: Account, **fields: object) -> Application:
    """An employee's own application that lies with the team leader."""
    return factories.forwarded_application(
        entered_by=applicant,
        applicant_kind="employee",
        applicant_id=applicant.person_id,
        **fields,
    )


def moved(application: Application, action: Action, by: Account | None = None) -> None:
    with write():
        move(application, action, by=by)


def calls() -> list[CallTask]:
    db.session.rollback()
    return list(db.session.scalars(select(CallTask).order_by(CallTask.id)))


def test_the_docs_show_the_table_as_it_is(app: Flask) -> None:
    assert as_markdown() in DOCS.read_text("utf-8")
    assert when.as_markdown() in DOCS.read_text("utf-8")


def test_every_kind_of_notice_is_in_one_of_the_two_tables() -> None:
    assert {row.kind for row in TABLE} | {row.kind for row in when.REMINDERS} == set(Kind)


def test_every_way_an_application_goes_is_told_to_somebody_or_meant_for_nobody() -> None:
    unsaid = {
        (action, way.to)
        for (_state, action), way in TRANSITIONS.items()
        if not rows_of(f"application.{action}", way.to)
        and (action, None) not in NOBODY
        and (action, way.to) not in NOBODY
    }
    assert unsaid == set()


def test_no_row_is_about_something_that_cannot_happen() -> None:
    possible = {f"application.{action}" for action in Action}
    assert {r.what for r in TABLE if r.what.startswith("application.")} <= possible


def test_every_kind_has_words_that_say_what_to_do(app: Flask) -> None:
    assert set(WORDS) == set(Kind)
    for kind in Kind:
        words = words_of(kind, 2)
        assert words.title.endswith("."), kind
        assert words.todo.endswith("."), kind
        assert "{" not in words.title + words.todo


def test_what_is_submitted_is_told_to_custodians_and_to_nobody_else(custodian: Account) -> None:
    head, closed = factories.account(HEAD), factories.account(Role.CUSTODIAN)
    with write():
        closed.closed_at = head.created_at
    application = factories.forwarded_application(state=State.RECEIVED)
    with write():
        application.state, application.forwarded_at = State.DRAFT, None

    moved(application, Action.SUBMIT, by=application.entered_by)

    assert kinds_of(custodian) == [Kind.TO_RECEIVE]
    assert kinds_of(head) == kinds_of(closed) == kinds_of(application.entered_by) == []


def test_a_custodian_whom_it_concerns_is_not_asked_to_act(custodian: Account) -> None:
    line = factories.extension("0316441234", custodian.person)
    application = factories.forwarded_application(factories.recording(line))

    with write():
        announce("application.submit", application)

    assert kinds_of(custodian) == []


def test_the_decision_goes_up_the_line_and_each_is_told_in_turn(custodian: Account) -> None:
    applicant, leader, head = (
        factories.account(),
        factories.account(LEADER),
        factories.account(HEAD),
    )
    application = employees_application(applicant, received_by=custodian, forwarded_at=None)
    with write():
        application.forwarded_at = application.received_at
        move(application, Action.FORWARD, by=custodian)
    with write():
        decide.review(application, by=leader)
    with write():
        decide.approve(application, by=head)

    assert kinds_of(leader) == kinds_of(head) == [Kind.TO_DECIDE]
    assert kinds_of(applicant) == [Kind.APPROVED]
    assert kinds_of(custodian) == [Kind.TO_HAND_OVER]
    assert calls() == []


def test_what_asked_for_something_is_done_with_when_somebody_else_has_done_it(app: Flask) -> None:
    first, second = factories.account(LEADER), factories.account(LEADER)
    application = factories.forwarded_application()
    with write():
        announce("application.forward", application)

    with write():
        decide.review(application, by=first)

    db.session.expire_all()
    told = db.session.scalars(select(Notice).where(Notice.account_id == second.id)).one()
    assert told.read_at is not None


def test_a_citizen_is_told_by_telephone_by_who_entered_it(app: Flask) -> None:
    officer, head = factories.account(Role.COUNTER), factories.account(HEAD)
    application = factories.forwarded_application(state=State.REVIEWED, entered_by=officer)

    with write():
        decide.refuse(application, by=head, opinion="당사자가 아닙니다.")

    assert [(c.kind, c.account_id) for c in calls()] == [("application.refuse", officer.id)]
    assert kinds_of(officer) == [Kind.TO_CALL]


@pytest.mark.parametrize("ground", [3, 4, 5])
def test_on_grounds_of_authorities_neither_applicant_nor_parties_are_told(
    custodian: Account, ground: int
) -> None:
    party, head = factories.account(HEAD), factories.account(HEAD)
    line = factories.extension("0316441234", party.person)
    application = factories.forwarded_application(
        factories.recording(line), state=State.REVIEWED, ground=ground, entered_by=custodian
    )

    with write():
        announce("application.review", application)
    with write():
        decide.approve(application, by=head)

    assert kinds_of(party) == [], "the party"
    assert calls() == [], "the agency"


def test_nothing_is_told_of_what_was_rolled_back(custodian: Account) -> None:
    application = factories.forwarded_application()

    with pytest.raises(RuntimeError), write():
        announce("application.submit", application)
        raise RuntimeError
    with write():
        pass

    assert kinds_of(custodian) == []


def test_who_asks_and_whose_account_it_is_do_not_confirm_and_are_not_asked_to(
    custodian: Account,
) -> None:
    other, leader = factories.account(Role.CUSTODIAN), factories.account(LEADER)
    auditor, holder = factories.account(Role.AUDITOR), factories.account(HEAD)

    with write():
        change = ask_for_role(holder, Role.AUDITOR, by=custodian)

    assert kinds_of(other) == kinds_of(leader) == [Kind.TO_CONFIRM]
    assert kinds_of(custodian) == kinds_of(auditor) == kinds_of(holder) == []
    assert change is not None
    with write():
        changes.confirm(change, by=other)
    assert kinds_of(holder) == [Kind.ROLE_GRANTED]


def test_the_holder_is_told_of_a_reset(custodian: Account) -> None:
    holder = factories.account()

    with write():
        ask_for_password_reset(holder, by=custodian)

    assert kinds_of(holder) == [Kind.PASSWORD_RESET]


def test_of_a_substitute_all_three_are_told_when_named_shortened_and_ended(
    custodian: Account,
) -> None:
    away, substitute = factories.account(HEAD), factories.account()
    today = clock.today()
    row = factories.acting(substitute, HEAD, in_place_of=away, last_on=today + timedelta(days=5))
    with write():
        shorten_acting(row, today + timedelta(days=2), by=custodian)
    with write():
        end_acting(row, by=custodian)

    both = [Kind.ACTING_CHANGED, Kind.ACTING_ENDED]
    assert kinds_of(substitute) == [Kind.ACTING_NAMED, *both]
    assert kinds_of(away)[-3:] == [Kind.ACTING_FOR_YOU, *both]
    assert kinds_of(custodian)[-1:] == [Kind.ACTING_KNOWN], "who does it is not told of it"
    second = row.change.answered_by
    assert second is not None and kinds_of(second)[-2:] == both


def test_an_assignment_is_made_shorter_by_one_person_and_never_longer(custodian: Account) -> None:
    today = clock.today()
    row = factories.acting(factories.account(), HEAD, last_on=today + timedelta(days=5))
    for last_on in (today - timedelta(days=1), today + timedelta(days=5), today + timedelta(9)):
        with pytest.raises(BadAssignment), write():
            shorten_acting(row, last_on, by=custodian)
    with pytest.raises(MayNot), write():
        shorten_acting(row, today, by=row.account)

    assert row.last_on == today + timedelta(days=5)


def test_closing_an_account_ends_what_it_was_named_for(custodian: Account) -> None:
    away, substitute = factories.account(HEAD), factories.account()
    factories.account(HEAD)
    row = factories.acting(substitute, HEAD, in_place_of=away)

    with write():
        close_account(substitute, by=custodian)

    assert not row.in_force_on(clock.today())
    assert kinds_of(away)[-2:] == [Kind.ACTING_FOR_YOU, Kind.ACTING_ENDED]
    assert substitute.acting_roles == frozenset()
