"""임시공휴일: kept by custodians, honoured by due dates at once."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from client import PageClient
from portal import clock
from portal.accounts.models import Account
from portal.applications.due import due_on, is_working_day
from portal.applications.models import Application, Transition
from portal.applications.states import Action, State
from portal.audit.models import AuditEvent
from portal.clock import SEOUL
from portal.database import write
from portal.extensions import db
from portal.holidays.change import HolidayRefused, add_holiday, extra_holidays, remove_holiday
from portal.roles import Role

THURSDAY = date(2031, 5, 22)


@pytest.fixture
def custodian(app: Flask) -> Account:
    return factories.account(Role.CUSTODIAN)


def test_a_due_date_moves_over_an_added_day_and_back(custodian: Account) -> None:
    filed = THURSDAY - timedelta(days=10)
    assert due_on(filed, 10, None) == THURSDAY

    with write():
        row, _moved = add_holiday(THURSDAY, "임시공휴일", by=custodian)
    assert not is_working_day(THURSDAY)
    assert due_on(filed, 10, None) == date(2031, 5, 23)
    assert due_on(filed, 30, date(2031, 5, 23)) == date(2031, 5, 21), "deletion does not move"

    with write():
        remove_holiday(row, by=custodian)
    assert due_on(filed, 10, None) == THURSDAY


def in_hand(due: date, **fields: Any) -> Application:
    """An application submitted ten days before a day, its call deleted long after."""
    submitted = datetime.combine(due - timedelta(days=10), time(10), SEOUL)
    with clock.at(submitted):
        call = factories.recording(called_at=submitted - timedelta(minutes=10))
        return factories.forwarded_application(call, due_on=due, **fields)


def due_dates(*applications: Application) -> list[date | None]:
    db.session.expire_all()
    return [application.due_on for application in applications]


def test_what_is_in_hand_and_falls_on_the_new_day_is_due_on_the_next_and_back_again(
    custodian: Account,
) -> None:
    on_it, before = in_hand(THURSDAY), in_hand(THURSDAY - timedelta(days=1))
    closed = in_hand(THURSDAY)
    with write():
        closed.state = State.CLOSED
    deletion = on_it.matches[0].recording.delete_on

    with clock.at(datetime.combine(THURSDAY - timedelta(days=3), time(9), SEOUL)):
        with write():
            row, moved = add_holiday(THURSDAY, "임시공휴일", by=custodian)
        assert moved == 1
        friday, wednesday = date(2031, 5, 23), date(2031, 5, 21)
        assert due_dates(on_it, before, closed) == [friday, wednesday, THURSDAY]
        assert on_it.matches[0].recording.delete_on == deletion

        with write():
            assert remove_holiday(row, by=custodian) == 1
        assert due_dates(on_it, before) == [THURSDAY, wednesday]

    moves = select(AuditEvent).where(AuditEvent.action == "application.due_moved")
    assert len(db.session.scalars(moves).all()) == 2


def test_before_a_deletion_a_new_day_off_brings_the_due_date_forward(custodian: Account) -> None:
    submitted = datetime.combine(THURSDAY - timedelta(days=3), time(10), SEOUL)
    called = submitted - timedelta(days=27)  # deleted at the end of the Thursday
    with clock.at(submitted):
        call = factories.recording(called_at=called, delete_on=date(2031, 5, 23))
        application = factories.forwarded_application(call, due_on=THURSDAY)
        with write():
            add_holiday(THURSDAY, "임시공휴일", by=custodian)

    assert due_dates(application) == [date(2031, 5, 21)]


def test_the_days_a_supplement_waited_still_do_not_count(custodian: Account) -> None:
    application = in_hand(THURSDAY)
    with write():
        for action, day in ((Action.REQUEST_SUPPLEMENT, 15), (Action.SUPPLEMENT, 19)):
            application.transitions.append(
                Transition(
                    action=action,
                    from_state=State.RECEIVED,
                    to_state=State.RECEIVED,
                    at=datetime(2031, 5, day, 10, tzinfo=SEOUL),
                )
            )
        application.due_on = date(2031, 5, 26)

    with clock.at(datetime(2031, 5, 20, 9, tzinfo=SEOUL)), write():
        _row, moved = add_holiday(date(2031, 5, 26), "임시공휴일", by=custodian)

    assert (moved, due_dates(application)) == (1, [date(2031, 5, 27)])


def test_what_is_late_stays_late(custodian: Account) -> None:
    application = in_hand(THURSDAY)

    with clock.at(datetime(2031, 5, 26, 9, tzinfo=SEOUL)), write():
        _row, moved = add_holiday(date(2031, 5, 27), "임시공휴일", by=custodian)

    assert (moved, due_dates(application)) == (0, [THURSDAY])


def test_a_day_added_and_rolled_back_is_a_working_day(custodian: Account) -> None:
    with pytest.raises(RuntimeError), write():
        add_holiday(THURSDAY, "임시공휴일", by=custodian)
        assert not is_working_day(THURSDAY)
        raise RuntimeError

    assert is_working_day(THURSDAY)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2031, 5, 24), "토요일"),
        (date(2031, 5, 5), "어린이날"),
        (date(2020, 5, 6), "지난 날"),
        (THURSDAY, ""),
        (THURSDAY, "가" * 51),
    ],
    ids=["saturday", "holiday", "past", "unnamed", "long"],
)
def test_what_makes_no_sense_is_refused(custodian: Account, day: date, name: str) -> None:
    with pytest.raises(HolidayRefused), write():
        add_holiday(day, name, by=custodian)


def test_a_day_is_added_once(custodian: Account) -> None:
    with write():
        add_holiday(THURSDAY, "임시공휴일", by=custodian)

    with pytest.raises(HolidayRefused, match="이미"), write():
        add_holiday(THURSDAY, "임시공휴일", by=custodian)


def test_nobody_but_a_custodian_changes_the_list(custodian: Account) -> None:
    head = factories.account(Role.DIVISION_HEAD)
    with write():
        row, _moved = add_holiday(THURSDAY, "임시공휴일", by=custodian)

    with pytest.raises(HolidayRefused), write():
        add_holiday(THURSDAY + timedelta(days=1), "임시공휴일", by=head)
    with pytest.raises(HolidayRefused), write():
        remove_holiday(row, by=head)


def test_a_day_that_has_begun_stays(custodian: Account) -> None:
    with write():
        row, _moved = add_holiday(THURSDAY, "임시공휴일", by=custodian)

    that_day = datetime.combine(THURSDAY, time(9), SEOUL)
    with clock.at(that_day), pytest.raises(HolidayRefused), write():
        remove_holiday(row, by=custodian)


def test_the_page_adds_keeps_what_was_typed_and_removes(
    client: PageClient, custodian: Account
) -> None:
    client.log_in(custodian).get("/holidays")

    wrong = client.post("/holidays", {"day": "2031-05-24", "name": "임시공휴일"})
    assert wrong.status_code == 422 and "2031-05-24" in wrong.text and "이미 쉬는 날" in wrong.text
    assert client.post("/holidays", {"day": "", "name": ""}).status_code == 422
    assert client.post("/holidays", {"day": "2031-05-22", "name": "선거일"}).status_code == 303
    assert "2031. 5. 22." in client.get("/holidays").text

    db.session.rollback()
    address = f"/holidays/{db.session.scalars(extra_holidays()).one().public_id}/remove"
    assert client.post(address).status_code == 303
    assert "2031. 5. 22." not in client.get("/holidays").text
    assert client.post(address).status_code == 404
