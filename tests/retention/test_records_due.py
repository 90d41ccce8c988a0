"""Records whose period is over are listed for the archive, by the year in which they ended."""

from __future__ import annotations

from datetime import datetime

from flask import Flask

import factories
from portal import clock
from portal.applications.models import Application
from portal.applications.states import State
from portal.clock import SEOUL
from portal.database import write
from portal.retention.records_due import number_due, records_due


def ended(year: int, month: int, day: int, state: State = State.REFUSED) -> Application:
    moment = datetime(year, month, day, 23, 30, tzinfo=SEOUL)
    with clock.at(moment):
        application = factories.forwarded_application(state=State.REFUSED)
        with write():
            application.state = state
            for transition in application.transitions:
                transition.at = moment
    return application


def due_in(year: int, month: int, day: int) -> dict[int, int]:
    with clock.at(datetime(year, month, day, 0, 0, tzinfo=SEOUL)):
        found = records_due()
        assert number_due() == sum(found.values())
    return found


def test_five_whole_years_after_the_year_of_the_end(app: Flask) -> None:
    ended(2026, 12, 31)
    ended(2027, 1, 1)
    ended(2026, 3, 2)
    ended(2026, 3, 2, State.RECEIVED)  # never came to an end

    assert due_in(2031, 12, 31) == {}
    assert due_in(2032, 1, 1) == {2026: 2}
    assert due_in(2033, 1, 1) == {2026: 2, 2027: 1}
