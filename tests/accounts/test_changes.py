"""Roles and resets: what one may do alone, and what needs a second person."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

import factories
from accounts.at_once import at_once
from accounts.listening import listening_session
from portal.accounts import sessions
from portal.accounts.changes import confirm, decline, is_second_person
from portal.accounts.close_account import close_account
from portal.accounts.grant_role import ask_for_revocation, ask_for_role
from portal.accounts.log_in import LoginRefused, authenticate
from portal.accounts.models import Account, AccountChange, LoginSession, RoleGrant
from portal.accounts.passwords import verify_password
from portal.accounts.refusals import (
    AccountClosed,
    AlreadyAnswered,
    AlreadyAsked,
    EmployeeStays,
    LastOne,
    MayNot,
    NoChange,
    NotSecondPerson,
    OwnAccount,
)
from portal.accounts.reset import ask_for_otp_reset, ask_for_password_reset
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.otp import enrol
from portal.playback.models import ListeningSession
from portal.roles import SENSITIVE, Role


@pytest.fixture
def custodian(app: Flask) -> Account:
    return factories.account(Role.CUSTODIAN)


@pytest.fixture
def head(app: Flask) -> Account:
    return factories.account(Role.DIVISION_HEAD)


def test_the_counter_role_is_given_and_taken_at_once(custodian: Account) -> None:
    person = factories.account()

    with write():
        assert ask_for_role(person, Role.COUNTER, by=custodian) is None
    assert Role.COUNTER in person.roles

    with write():
        assert ask_for_revocation(person, Role.COUNTER, by=custodian) is None
    assert person.roles == {Role.EMPLOYEE}
    assert [g.revoked_at is None for g in grants(person, Role.COUNTER)] == [False]


@pytest.mark.parametrize("role", sorted(SENSITIVE))
def test_a_sensitive_role_is_not_held_before_another_one_confirmed(
    custodian: Account, head: Account, role: Role
) -> None:
    person = factories.account()
    change = asked(ask_for_role, person, role, by=custodian)
    assert person.roles == {Role.EMPLOYEE}

    with write():
        confirm(change, by=head)

    assert role in person.roles
    grant = grants(person, role)[0]
    assert (grant.granted_by_id, grant.confirmed_by_id) == (custodian.id, head.id)


def test_taking_a_sensitive_role_waits_for_the_second_person_too(
    custodian: Account, head: Account
) -> None:
    leader = factories.account(Role.TEAM_LEADER)
    change = asked(ask_for_revocation, leader, Role.TEAM_LEADER, by=custodian)
    assert Role.TEAM_LEADER in leader.roles

    with write():
        confirm(change, by=head)

    assert Role.TEAM_LEADER not in leader.roles


def test_neither_who_asked_nor_whom_it_concerns_can_confirm(custodian: Account) -> None:
    leader = factories.account(Role.TEAM_LEADER)
    change = asked(ask_for_role, leader, Role.AUDITOR, by=custodian)

    for person in (custodian, leader):
        with pytest.raises(NotSecondPerson), write():
            confirm(change, by=person)
        with pytest.raises(NotSecondPerson), write():
            decline(change, by=person)
        assert not is_second_person(change, person)

    assert change.answered_at is None


@pytest.mark.parametrize("roles", [(), (Role.COUNTER,), (Role.AUDITOR,)])
def test_who_has_no_confirming_role_cannot_confirm(
    custodian: Account, roles: tuple[Role, ...]
) -> None:
    somebody = factories.account(*roles)
    change = asked(ask_for_role, factories.account(), Role.AUDITOR, by=custodian)

    with pytest.raises(MayNot), write():
        confirm(change, by=somebody)


def test_a_closed_account_cannot_confirm(custodian: Account, head: Account) -> None:
    change = asked(ask_for_role, factories.account(), Role.AUDITOR, by=custodian)
    factories.account(Role.DIVISION_HEAD)
    with write():
        close_account(head, by=custodian)

    with pytest.raises(MayNot), write():
        confirm(change, by=head)


def test_a_declined_change_changes_nothing_and_cannot_be_confirmed_later(
    custodian: Account, head: Account
) -> None:
    person, leader = factories.account(), factories.account(Role.TEAM_LEADER)
    change = asked(ask_for_role, person, Role.CUSTODIAN, by=custodian)
    with write():
        decline(change, by=head)

    with pytest.raises(AlreadyAnswered, match=f"{head.name} 님이 먼저 이 요청을 거절"), write():
        confirm(change, by=leader)

    assert person.roles == {Role.EMPLOYEE}


def test_of_two_who_answer_at_once_one_wins_and_the_other_is_told(
    app: Flask, custodian: Account, head: Account
) -> None:
    person = factories.account()
    change_id = asked(ask_for_role, person, Role.AUDITOR, by=custodian).id
    leader_id, head_id = factories.account(Role.TEAM_LEADER).id, head.id

    def answer(by_id: int) -> Callable[[], str]:
        def run() -> str:
            change = db.session.get_one(AccountChange, change_id)
            by = db.session.get_one(Account, by_id)
            with write():
                confirm(change, by=by)
            return "won"

        return run

    outcomes = at_once(app, answer(head_id), answer(leader_id))

    assert sorted(outcomes) == ["AlreadyAnswered", "won"]
    assert len(grants(person, Role.AUDITOR)) == 1


def test_asking_twice_at_once_puts_one_request_before_the_second_person(
    app: Flask, custodian: Account
) -> None:
    person_id, custodian_id = factories.account().id, custodian.id

    def ask() -> str:
        person = db.session.get_one(Account, person_id)
        by = db.session.get_one(Account, custodian_id)
        with write():
            ask_for_role(person, Role.AUDITOR, by=by)
        return "asked"

    outcomes = at_once(app, *[ask] * 4)

    assert sorted(outcomes) == ["AlreadyAsked"] * 3 + ["asked"]
    assert db.session.scalar(select(func.count()).select_from(AccountChange)) == 1


def test_an_ordinary_password_reset_gives_a_password_for_one_login(custodian: Account) -> None:
    person = factories.account()

    with write():
        password = ask_for_password_reset(person, by=custodian)

    assert isinstance(password, str)
    assert authenticate(person.login, password).must_change_password
    with pytest.raises(LoginRefused):
        authenticate(person.login, factories.PASSWORD)


@pytest.mark.parametrize("role", sorted(SENSITIVE))
def test_the_password_of_a_sensitive_role_stays_until_another_one_confirmed(
    custodian: Account, head: Account, role: Role
) -> None:
    person = factories.account(role)
    change = asked(ask_for_password_reset, person, by=custodian)
    assert verify_password(person.password_hash, factories.PASSWORD)

    with write():
        password = confirm(change, by=head)

    assert password is not None
    assert verify_password(person.password_hash, password)
    assert person.must_change_password


def test_an_authenticator_is_reset_at_once_or_by_two(custodian: Account, head: Account) -> None:
    person, leader = factories.account(), factories.account(Role.TEAM_LEADER)
    for holder in (person, leader):
        enrol.begin(holder)

    with write():
        assert ask_for_otp_reset(person, by=custodian) is None
    change = asked(ask_for_otp_reset, leader, by=custodian)

    assert enrol.pending_secret(person) is None
    assert enrol.pending_secret(leader) is not None
    with write():
        confirm(change, by=head)
    assert enrol.pending_secret(leader) is None


def test_a_reset_lifts_the_lock_of_guesses_at_the_old_password(custodian: Account) -> None:
    person = factories.account()
    for _ in range(6):
        with pytest.raises(LoginRefused):
            authenticate(person.login, "wrong")

    with write():
        password = ask_for_password_reset(person, by=custodian)

    assert isinstance(password, str)
    authenticate(person.login, password)


@pytest.mark.parametrize("act", ["role", "revocation", "password", "otp", "close"])
def test_every_change_ends_the_logins_and_the_listening_of_the_account_and_of_no_other(
    custodian: Account, act: str
) -> None:
    person, other = factories.account(Role.COUNTER), factories.account()
    with write():
        theirs, others = (sessions.begin(account)[0] for account in (person, other))
    hearing, others_hearing = listening_session(theirs), listening_session(others)

    with write():
        match act:
            case "role":
                ask_for_revocation(person, Role.COUNTER, by=custodian)
                ask_for_role(person, Role.COUNTER, by=custodian)
            case "revocation":
                ask_for_revocation(person, Role.COUNTER, by=custodian)
            case "password":
                ask_for_password_reset(person, by=custodian)
            case "otp":
                ask_for_otp_reset(person, by=custodian)
            case "close":
                close_account(person, by=custodian)

    for kind, mine, elses in (
        (LoginSession, theirs.id, others.id),
        (ListeningSession, hearing.id, others_hearing.id),
    ):
        ended = db.session.get_one(kind, mine)
        assert ended.ended_at is not None
        assert ended.end_reason
        assert db.session.get_one(kind, elses).ended_at is None


@pytest.mark.parametrize("role", [Role.CUSTODIAN, Role.DIVISION_HEAD])
def test_the_last_custodian_and_the_last_head_stay(app: Flask, role: Role) -> None:
    last = factories.account(role)
    by = None

    with pytest.raises(LastOne), write():
        close_account(last, by=by)
    with pytest.raises(LastOne), write():
        ask_for_revocation(last, role, by=by)

    assert role in last.roles


def test_a_revocation_that_became_the_last_one_meanwhile_is_refused_at_the_confirmation(
    custodian: Account, head: Account
) -> None:
    other_head, leader = factories.account(Role.DIVISION_HEAD), factories.account(Role.TEAM_LEADER)
    change = asked(ask_for_revocation, head, Role.DIVISION_HEAD, by=custodian)
    with write():
        close_account(other_head, by=custodian)

    with pytest.raises(LastOne), write():
        confirm(change, by=leader)

    assert change.answered_at is None


def test_two_custodians_who_close_each_other_at_once_leave_one(app: Flask) -> None:
    first, second = (factories.account(Role.CUSTODIAN).id for _ in range(2))

    def close(account_id: int, by_id: int) -> Callable[[], str]:
        def run() -> str:
            account = db.session.get_one(Account, account_id)
            by = db.session.get_one(Account, by_id)
            with write():
                close_account(account, by=by)
            return "closed"

        return run

    outcomes = at_once(app, close(first, second), close(second, first))

    assert outcomes.count("closed") == 1
    open_ones = select(func.count()).select_from(Account).where(Account.closed_at.is_(None))
    assert db.session.scalar(open_ones) == 1


def test_closing_declines_what_waits_and_keeps_the_history(
    custodian: Account, head: Account
) -> None:
    person = factories.account(Role.COUNTER)
    change = asked(ask_for_role, person, Role.AUDITOR, by=custodian)

    with write():
        close_account(person, by=custodian)

    assert person.roles == frozenset()
    assert len(grants(person, Role.COUNTER)) == 1
    assert change.confirmed is False
    with pytest.raises(AlreadyAnswered), write():
        confirm(change, by=head)


def test_what_cannot_be_is_refused(custodian: Account) -> None:
    person, closed = factories.account(), factories.account()
    asked(ask_for_role, person, Role.AUDITOR, by=custodian)
    with write():
        close_account(closed, by=custodian)

    for refusal, act in (
        (AlreadyAsked, lambda: ask_for_role(person, Role.AUDITOR, by=custodian)),
        (NoChange, lambda: ask_for_role(person, Role.EMPLOYEE, by=custodian)),
        (NoChange, lambda: ask_for_revocation(person, Role.COUNTER, by=custodian)),
        (EmployeeStays, lambda: ask_for_revocation(person, Role.EMPLOYEE, by=custodian)),
        (AccountClosed, lambda: ask_for_role(closed, Role.COUNTER, by=custodian)),
        (AccountClosed, lambda: ask_for_password_reset(closed, by=custodian)),
        (AccountClosed, lambda: close_account(closed, by=custodian)),
        (OwnAccount, lambda: close_account(custodian, by=custodian)),
        (MayNot, lambda: ask_for_role(person, Role.COUNTER, by=person)),
        (MayNot, lambda: ask_for_password_reset(person, by=person)),
        (MayNot, lambda: ask_for_otp_reset(person, by=person)),
        (MayNot, lambda: close_account(person, by=closed)),
    ):
        with pytest.raises(refusal), write():
            act()  # type: ignore[no-untyped-call]


def test_each_step_is_logged_without_the_password(custodian: Account, head: Account) -> None:
    leader = factories.account(Role.TEAM_LEADER)
    change = asked(ask_for_password_reset, leader, by=custodian)
    with write():
        password = confirm(change, by=head)

    events = list(db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq)))

    assert [(e.action, e.account, e.subject) for e in events] == [
        ("account.reset_password_asked", custodian.public_id, leader.public_id),
        ("account.reset_password_confirmed", head.public_id, leader.public_id),
    ]
    assert not [e for e in events if str(password) in e.detail]


def asked(verb: Callable[..., object], *arguments: object, by: Account) -> AccountChange:
    with write():
        change = verb(*arguments, by=by)
    assert isinstance(change, AccountChange)
    return change


def grants(account: Account, role: Role) -> list[RoleGrant]:
    return [grant for grant in account.grants if grant.role == role]
