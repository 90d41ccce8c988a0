"""처리기한."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from applications.papers import (
    citizen_draft,
    counter_officer,
    employee_with_call,
    own_draft,
    submitted,
)
from portal import clock
from portal.applications.due import due_on, is_working_day, shortage, shortage_of

MONDAY = datetime(2026, 11, 9, 1, 0, tzinfo=UTC)  # 10:00 in Seoul


@pytest.mark.parametrize(
    ("filed", "expected"),
    [
        (date(2026, 11, 9), date(2026, 11, 19)),  # an ordinary Thursday
        (date(2026, 11, 11), date(2026, 11, 23)),  # Saturday → Monday
        (date(2026, 12, 15), date(2026, 12, 28)),  # Christmas on a Friday → Monday
        (date(2026, 9, 14), date(2026, 9, 28)),  # the three days of 추석, then a weekend
        (date(2026, 9, 25), date(2026, 10, 6)),  # 대체공휴일 on Monday
    ],
)
def test_the_due_date_moves_on_to_a_working_day(app: Flask, filed: date, expected: date) -> None:
    assert due_on(filed, 10, None) == expected


@pytest.mark.parametrize(
    ("delete_on", "expected"),
    [
        (date(2026, 11, 14), date(2026, 11, 13)),  # deleted when Saturday begins: Friday
        (date(2026, 11, 16), date(2026, 11, 13)),  # when Monday begins: Friday, not Sunday
        (date(2026, 11, 17), date(2026, 11, 16)),
        (date(2026, 12, 30), date(2026, 11, 19)),  # far away: ten days
        (date(2026, 11, 9), date(2026, 11, 9)),  # never before the day of filing
    ],
)
def test_the_due_date_is_before_the_deletion(app: Flask, delete_on: date, expected: date) -> None:
    assert due_on(date(2026, 11, 9), 10, delete_on) == expected


@pytest.mark.parametrize(
    ("filed", "delete_on", "warned"),
    [
        (9, date(2026, 11, 19), True),
        (9, date(2026, 11, 20), False),  # the usual decision is on Thursday the 19th
        (11, date(2026, 11, 22), True),  # ten days end on a Saturday: decided on Monday the 23rd
        (11, date(2026, 11, 23), True),
        (11, date(2026, 11, 24), False),
    ],
)
def test_filing_warns_where_the_deletion_comes_before_the_usual_decision(
    app: Flask, filed: int, delete_on: date, warned: bool
) -> None:
    with clock.at(datetime(2026, 11, filed, 1, 0, tzinfo=UTC)):
        assert (shortage_of(delete_on) is not None) is warned


def test_a_holiday_is_no_working_day(app: Flask) -> None:
    assert not is_working_day(date(2026, 12, 25))
    assert not is_working_day(date(2026, 11, 14))
    assert is_working_day(date(2026, 11, 16))


def test_an_application_gets_its_due_date_when_it_is_submitted(app: Flask) -> None:
    with clock.at(MONDAY):
        person, call = employee_with_call(called_at=MONDAY - timedelta(days=2))
        application = submitted(own_draft(person, call))

        assert application.due_on == date(2026, 11, 19)
        assert shortage(application) is None


def test_little_time_left_pulls_the_due_date_and_warns(app: Flask) -> None:
    with clock.at(MONDAY):
        person, call = employee_with_call(called_at=MONDAY - timedelta(days=25))
        application = submitted(own_draft(person, call))

        assert call.delete_on == date(2026, 11, 15)
        assert application.due_on == date(2026, 11, 13)
        assert "2026. 11. 14. 24:00" in (shortage(application) or "")


def test_for_a_citizen_the_deletion_is_counted_from_the_time_asked_for(app: Flask) -> None:
    with clock.at(MONDAY):
        draft = citizen_draft(counter_officer(), asked_from=MONDAY - timedelta(days=28))

        assert submitted(draft).due_on == date(2026, 11, 11)
