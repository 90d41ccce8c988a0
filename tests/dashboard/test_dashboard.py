"""The numbers of the page are right, name nobody, and cost the same however much there is."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from flask import Flask

import factories
from client import PageClient
from portal import clock
from portal.applications.models import Application
from portal.applications.states import State
from portal.dashboard import cases, recordings
from portal.dashboard.chart import bars
from portal.dashboard.period import Period
from portal.roles import Role
from queries import counted_queries

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=clock.SEOUL)
HALF_YEAR = Period((date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)))


def made(at: datetime, decided_after: timedelta | None = None, **fields: object) -> Application:
    decided_at = None if decided_after is None else at + decided_after
    return factories.forwarded_application(submitted_at=at, decided_at=decided_at, **fields)


def at(month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=clock.SEOUL)


def test_months_are_cut_at_midnight_in_seoul(app: Flask) -> None:
    made(at(10, 1, 0, 0))
    made(at(9, 30, 23, 59))
    made(at(8, 31, 23, 59))
    made(at(11, 3), state=State.REFUSED)

    assert cases.cases_of(HALF_YEAR).months == [
        Counter({State.RECEIVED: 1}),
        Counter({State.RECEIVED: 1}),
        Counter({State.REFUSED: 1}),
    ]


def test_the_days_to_a_decision_are_calendar_days_in_seoul(app: Flask) -> None:
    made(at(10, 5, 23, 50), timedelta(minutes=20))
    made(at(10, 5, 0, 10), timedelta(hours=23))
    for days in (2, 3, 4, 5, 6, 7, 8, 30):
        made(at(10, 5), timedelta(days=days))
    made(at(10, 6))

    found = cases.cases_of(HALF_YEAR)
    months, whole = found.took, found.took_all

    assert months[0] == cases.Took(0, None, None)
    assert (whole.decided, whole.median, whole.p90) == (10, 4, 8)
    assert months[1] == whole


def test_departments_are_counted_by_ground(app: Flask) -> None:
    office = factories.department("민원여권과")
    made(at(10, 5), office_id=office.id, ground=2)
    made(at(10, 6), office_id=office.id, ground=1)
    person = factories.account(department_name="세무과").person
    made(at(10, 6), applicant_id=person.id, office_id=None, applicant_kind="employee")
    made(at(10, 7), office_id=None, ground=5)

    found = dict(cases.cases_of(HALF_YEAR).departments)

    assert found["민원여권과"] == Counter({1: 1, 2: 1})
    assert found["세무과"].total() == 1
    assert found[""] == Counter({5: 1})


def test_deletions_ahead_stand_on_their_days(app: Flask) -> None:
    today = clock.today()
    for ahead in (1, 1, 30, 31, 0, -3):
        factories.recording(delete_on=today + timedelta(days=ahead))

    living = recordings.living()
    days = living.ahead

    assert len(days) == 30
    assert {day: n for day, n in days if n} == {
        today + timedelta(days=1): 2,
        today + timedelta(days=30): 1,
    }
    assert living.recordings == 4


def test_a_silent_source_is_marked(app: Flask) -> None:
    now = clock.now()
    factories.recording(source="main", arrived_at=now - timedelta(hours=1))
    factories.recording(source="main", arrived_at=now - timedelta(days=2))
    factories.recording(source="branch", arrived_at=now - timedelta(days=5))

    branch, main = recordings.sources()

    assert (main.name, main.last_day, main.is_silent) == ("main", 1, False)
    assert (branch.name, branch.last_day, branch.is_silent) == ("branch", 0, True)


@pytest.mark.both_databases
def test_the_page_names_nobody_and_costs_a_fixed_number_of_queries(
    app: Flask, client: PageClient
) -> None:
    client.log_in(factories.account(Role.DIVISION_HEAD))
    needed = []
    for _ in range(2):
        client.get("/dashboard?months=24")
        with counted_queries() as sent:
            page = client.get("/dashboard?months=24").text
        needed.append(len(sent))
        for number in range(8):
            made(
                clock.now() - timedelta(days=20 * number),
                timedelta(days=number),
                applicant_name="홍길동",
                caller_number="01012345678",
            )
            factories.recording(source=f"source{number}")
    page = client.get("/dashboard?months=24").text

    assert needed[0] == needed[1] <= 14
    assert "홍길동" not in page and "홍*동" not in page and "5678" not in page
    assert "최근 24개월" in page


@pytest.mark.parametrize("months", ["0", "7", "-1", "x", "999999999"])
def test_an_odd_period_is_the_usual_one(client: PageClient, months: str) -> None:
    client.log_in(factories.account(Role.AUDITOR))

    page = client.get(f"/dashboard?months={months}").text

    assert '<option value="6" selected' in page


@pytest.mark.parametrize("numbers", [[0] * 3, [1, 0, 2], [7, 100, 12], [999_999, 0, 3]])
def test_a_chart_keeps_to_the_policy_of_the_page(app: Flask, numbers: list[int]) -> None:
    drawn = bars(["9. 1.", "<9. 2.>", "9. 3."], [numbers, numbers])

    assert drawn.startswith("<svg viewBox=") and 'aria-hidden="true"' in drawn
    assert not re.search(r"style=|<script|<style|xlink|font-family|<9|nan|inf", drawn)
    assert f"{max(2 * max(numbers), 1):,}"[0] in drawn
    assert len(drawn) < 6_000


def test_the_months_reach_back_over_the_turn_of_the_year() -> None:
    with clock.at(datetime(2027, 1, 31, 12, 0, tzinfo=clock.SEOUL)):
        months = Period.of({"months": "3"}).months

    assert months == (date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1))
