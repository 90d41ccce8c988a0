"""처리기한: by when an application is to be handled, counted in working days of Korea."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Protocol

from portal import clock
from portal.applications.models import Application
from portal.applications.states import Action
from portal.holidays.days import days_off
from portal.runtime import settings
from portal.words import worded

_DAY = timedelta(days=1)


class Asking(Protocol):
    """An application, or what a list has read of it."""

    @property
    def asked_from(self) -> datetime | None: ...


def is_working_day(day: date) -> bool:
    """No Saturday, no Sunday, no public holiday (대체공휴일 included)."""
    return day.weekday() < 5 and day not in _holidays(day.year)


def due_on(submitted_on: date, due_days: int, delete_on: date | None) -> date:
    """The earlier of two days, both working days.

    One is `due_days` calendar days after the submission, moved on to a working day; the other the
    last working day on which the first recording is still there (`delete_on` itself is too late).
    Never before the submission, however late that came.
    """
    regular = submitted_on + timedelta(days=due_days)
    while not is_working_day(regular):
        regular += _DAY
    if delete_on is None:
        return regular
    last = delete_on - _DAY
    while not is_working_day(last):
        last -= _DAY
    return max(min(regular, last), submitted_on)


def first_deletion(application: Application) -> date | None:
    """The day on which the first call asked for is deleted (제8조①), as far as one can know.

    Of matched recordings, else of the call an employee applied from, else counted from the time
    a citizen named; None where none was named.
    """
    recordings = [match.recording for match in application.matches]
    # Of several, some may be gone already: what is still there decides.
    living = [recording for recording in recordings if recording.is_alive]
    days = [recording.delete_on for recording in living or recordings]
    if not days and application.asked_recording:
        days = [application.asked_recording.delete_on]
    return first_known(min(days, default=None), application)


def first_known(delete_on: date | None, application: Asking) -> date | None:
    """The deletion day of its calls, else counted from the time that was named."""
    if delete_on is None and application.asked_from:
        return deletion_day(clock.seoul(application.asked_from).date())
    return delete_on


def deletion_day(called_on: date) -> date:
    """The day at whose beginning a call of that day is deleted: its own day is not counted."""
    return settings().retention.deletion_day(called_on)


def oldest_day_kept() -> date:
    """The earliest day of which calls are still there today."""
    return settings().retention.oldest_day(clock.today())


def due_now(application: Application, first: date | None) -> date | None:
    """The 처리기한 of a submitted application once more: `first` is the deletion day as it is
    known now, and the days on which a 보완요구 waited for its answer do not count."""
    if application.submitted_at is None:
        return application.due_on
    bound = (application.settings_snapshot or {}).get("application", {})
    days = int(bound.get("due_days", settings().application.due_days))
    submitted_on = clock.seoul(application.submitted_at).date()
    return due_on(submitted_on, days + _days_waited(application), first)


def _days_waited(application: Application) -> int:
    waited = 0
    since: date | None = None
    for transition in application.transitions:
        day = clock.seoul(transition.at).date()
        if transition.action == Action.REQUEST_SUPPLEMENT:
            since = day
        elif transition.action in (Action.SUPPLEMENT, Action.RECALL) and since:
            waited += (day - since).days
            since = None
    return waited


def shortage(application: Application) -> str | None:
    """A warning in Korean where less time is left than handling usually takes, else None."""
    delete_on = first_deletion(application)
    return shortage_of(delete_on) if delete_on else None


def shortage_of(delete_on: date) -> str | None:
    """The same for the day at whose beginning the call is deleted."""
    left = (delete_on - clock.today()).days
    if delete_on > due_on(clock.today(), settings().application.due_days, None):
        return None
    last = delete_on - _DAY
    return (
        worded("이 통화의 {information:은/는} ")
        + f"{last.year}. {last.month}. {last.day}. 24:00에 자동 삭제되며 "
        f"미룰 수 없습니다 (오늘을 포함하여 {max(left, 0)}일 남음). 바로 신청하고, 신청한 뒤 "
        "담당자에게 급하다고 알려 주십시오."
    )


def _holidays(year: int) -> frozenset[date]:
    return days_off(year)
