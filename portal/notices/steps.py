"""How many working days are left, and which of the set reminders that is."""

from __future__ import annotations

from datetime import date, timedelta

from portal.applications.due import is_working_day
from portal.runtime import settings

ON_THE_DAY = 0
_DAY = timedelta(days=1)


def working_days_left(today: date, due_on: date) -> int:
    """Working days after today up to and including the due day."""
    days = (today + _DAY * n for n in range(1, (due_on - today).days + 1))
    return sum(is_working_day(day) for day in days)


def step_of(today: date, due_on: date) -> int | None:
    """Which of the set reminders is due: the tightest; 0 from the day itself on; None before."""
    if today >= due_on:
        return ON_THE_DAY
    left = working_days_left(today, due_on)
    return min((days for days in settings().reminders.days_before if left <= days), default=None)
