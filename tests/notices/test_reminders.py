"""Reminders: whom, when, once each, on working days."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

import factories
from notices.conftest import kinds_of
from portal import clock
from portal.accounts.models import Account
from portal.applications.models import Application
from portal.applications.states import State
from portal.clock import SEOUL
from portal.database import write
from portal.extensions import db
from portal.holidays.change import add_holiday
from portal.notices.kinds import Kind
from portal.notices.reminders import Reminders, remind
from portal.notices.steps import step_of, working_days_left
from portal.roles import Role

MONDAY = date(2026, 11, 9)
DUE = date(2026, 11, 19)  # the Thursday of the week after


def moment(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SEOUL)


@pytest.fixture
def leader(app: Flask) -> Account:
    return factories.account(Role.TEAM_LEADER)


@pytest.fixture
def head(app: Flask) -> Account:
    return factories.account(Role.DIVISION_HEAD)


@pytest.fixture
def custodian(app: Flask) -> Account:
    return factories.account(Role.CUSTODIAN)


def with_leader(**fields: Any) -> Application:
    with clock.at(moment(MONDAY)):
        call = factories.recording()
        return factories.forwarded_application(call, due_on=DUE, **fields)


def on(*days: date) -> None:
    for day in days:
        with clock.at(moment(day)):
            remind(day)


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def test_working_days_are_counted_over_weekends_and_holidays(app: Flask) -> None:
    assert working_days_left(date(2026, 11, 13), date(2026, 11, 16)) == 1
    assert working_days_left(date(2026, 12, 24), date(2026, 12, 28)) == 1  # Christmas is a Friday
    assert working_days_left(DUE, DUE) == 0


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 11), None),
        (date(2026, 11, 12), 5),
        (date(2026, 11, 13), 5),
        (date(2026, 11, 16), 5),
        (date(2026, 11, 17), 2),
        (date(2026, 11, 18), 1),
        (DUE, 0),
        (date(2026, 11, 25), 0),
    ],
)
def test_the_tightest_reminder_that_is_due(app: Flask, today: date, expected: int | None) -> None:
    assert step_of(today, DUE) == expected


def test_each_is_told_once_and_the_next_above_on_the_day(leader: Account, head: Account) -> None:
    application = with_leader()

    on(*days(MONDAY, DUE), DUE, DUE + timedelta(days=1))

    assert kinds_of(leader) == [Kind.REMIND_APPROVAL] * 3
    assert kinds_of(head) == [Kind.LATE]
    assert kinds_of(application.received_by) == []  # type: ignore[arg-type]


def test_what_was_missed_is_told_on_the_next_working_day(leader: Account) -> None:
    with_leader()

    on(date(2026, 11, 13))  # not on the 12th, when five days were left

    assert kinds_of(leader) == [Kind.REMIND_APPROVAL]


def test_nothing_is_told_on_a_day_off(leader: Account, custodian: Account) -> None:
    with_leader()
    with clock.at(moment(MONDAY)), write():
        add_holiday(date(2026, 11, 17), "임시공휴일", by=custodian)

    on(date(2026, 11, 14), date(2026, 11, 15), date(2026, 11, 17))

    assert kinds_of(leader) == []


def test_before_it_is_forwarded_it_is_the_custodians_turn(
    leader: Account, head: Account, custodian: Account
) -> None:
    with_leader(received_by=custodian, forwarded_at=None)

    on(date(2026, 11, 17), DUE)

    assert kinds_of(custodian) == [Kind.REMIND_INTAKE]
    assert kinds_of(leader) == [Kind.LATE]
    assert kinds_of(head) == []


def test_after_the_approval_it_is_the_named_transferors_and_then_the_custodians(
    custodian: Account,
) -> None:
    officer = factories.account(Role.COUNTER)
    with_leader(state=State.APPROVED, transferor_id=officer.id, received_by=custodian)

    on(date(2026, 11, 17), DUE)

    assert kinds_of(officer) == [Kind.REMIND_HANDOVER]
    assert kinds_of(custodian) == [Kind.LATE]


def test_over_the_last_approver_is_nobody_so_they_are_told_themselves(head: Account) -> None:
    with_leader(state=State.REVIEWED)

    on(DUE)

    assert kinds_of(head) == [Kind.LATE]


def test_the_next_above_who_is_away_is_represented_by_the_acting_person(
    leader: Account, head: Account
) -> None:
    with_leader()
    substitute = factories.account()
    with clock.at(moment(MONDAY)):
        factories.acting(substitute, Role.DIVISION_HEAD, in_place_of=head, last_on=DUE)

    on(DUE)

    assert Kind.LATE in kinds_of(substitute)
    assert Kind.LATE not in kinds_of(head)


def test_where_nobody_of_the_line_may_act_the_custodians_are_told(
    leader: Account, custodian: Account
) -> None:
    line = factories.extension("0316441234", leader.person)
    with clock.at(moment(MONDAY)):
        factories.forwarded_application(factories.recording(line), due_on=DUE)

    on(date(2026, 11, 17), DUE)  # the leader was a party, and there is no head

    assert kinds_of(leader) == []
    assert kinds_of(custodian) == [Kind.REMIND_APPROVAL, Kind.LATE]


def test_whom_it_concerns_is_reminded_of_nothing(leader: Account) -> None:
    line = factories.extension("0316441234", leader.person)
    with clock.at(moment(MONDAY)):
        factories.forwarded_application(factories.recording(line), due_on=DUE)

    on(*days(MONDAY, DUE))

    assert kinds_of(leader) == []


def test_what_is_finished_or_open_at_the_applicants_reminds_nobody(
    custodian: Account, leader: Account, head: Account
) -> None:
    for state in (State.CLOSED, State.WITHDRAWN, State.SUPPLEMENT_REQUESTED, State.EXPIRED):
        application = with_leader()
        with write():
            application.state = state

    on(*days(MONDAY, DUE))

    assert kinds_of(custodian) == kinds_of(leader) == kinds_of(head) == []


def test_the_worker_reminds_from_the_set_hour_on_and_once_a_day(leader: Account) -> None:
    with_leader()
    reminders, day = Reminders(), date(2026, 11, 17)

    with clock.at(moment(day, 8, 29)):
        reminders.run()
    assert kinds_of(leader) == []

    with clock.at(moment(day, 8, 30)):
        reminders.run()
    assert kinds_of(leader) == [Kind.REMIND_APPROVAL]

    with_leader()
    with clock.at(moment(day, 15)):
        reminders.run()
        Reminders().run()  # another worker, or this one started again
    assert kinds_of(leader) == [Kind.REMIND_APPROVAL] * 2


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield statements
    event.remove(db.engine, "before_cursor_execute", note)


def test_far_away_ones_cost_no_query_each(leader: Account) -> None:
    with_leader()
    with counted_queries() as one:
        on(MONDAY)
    for _ in range(5):
        with_leader()
    db.session.expire_all()

    with counted_queries() as many:
        on(MONDAY)

    assert len(many) <= len(one)
