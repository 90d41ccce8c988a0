from datetime import date, datetime

import pytest

from portal import clock
from portal.clock import SEOUL
from portal.institution import load_settings
from portal.recordings.retention_day import delete_on

SETTINGS = load_settings()


@pytest.mark.parametrize(
    ("called", "day"),
    [
        (datetime(2026, 11, 23, 0, 0, 0, tzinfo=SEOUL), date(2026, 12, 24)),
        (datetime(2026, 11, 23, 23, 59, 59, tzinfo=SEOUL), date(2026, 12, 24)),
        (datetime(2026, 11, 24, 0, 0, 0, tzinfo=SEOUL), date(2026, 12, 25)),
        (datetime(2028, 1, 31, 12, 0, 0, tzinfo=SEOUL), date(2028, 3, 2)),
    ],
)
def test_thirty_whole_days_follow_the_day_of_the_call(called: datetime, day: date) -> None:
    assert delete_on(called, SETTINGS) == day


def test_the_deletion_is_the_midnight_that_ends_day_thirty() -> None:
    called = datetime(2026, 11, 23, 14, 5, tzinfo=SEOUL)

    ends = clock.midnight(delete_on(called, SETTINGS))

    assert ends == datetime(2026, 12, 24, 0, 0, tzinfo=SEOUL)
    assert (clock.seoul(ends).date() - called.date()).days == 31
