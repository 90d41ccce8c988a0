"""임시공휴일: kept by custodians, honoured by due dates at once."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask

import factories
from client import PageClient
from portal import clock
from portal.accounts.models import Account
from portal.applications.due import due_on, is_working_day
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
        row = add_holiday(THURSDAY, "임시공휴일", by=custodian)
    assert not is_working_day(THURSDAY)
    assert due_on(filed, 10, None) == date(2031, 5, 23)
    assert due_on(filed, 30, date(2031, 5, 23)) == date(2031, 5, 21), "deletion does not move"

    with write():
        remove_holiday(row, by=custodian)
    assert due_on(filed, 10, None) == THURSDAY


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
        row = add_holiday(THURSDAY, "임시공휴일", by=custodian)

    with pytest.raises(HolidayRefused), write():
        add_holiday(THURSDAY + timedelta(days=1), "임시공휴일", by=head)
    with pytest.raises(HolidayRefused), write():
        remove_holiday(row, by=head)


def test_a_day_that_has_begun_stays(custodian: Account) -> None:
    with write():
        row = add_holiday(THURSDAY, "임시공휴일", by=custodian)

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
