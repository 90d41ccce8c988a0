"""How values read on a page: times in Seoul, telephone numbers, masked names."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

from flask import Flask

from portal import clock, phones
from portal.applications.states import Action, State, action_title, state_title
from portal.korean import with_particle
from portal.masking import Shape, shown, shown_applicant, shown_recipient
from portal.words import worded


def init_app(app: Flask) -> None:
    app.jinja_env.globals["today"] = clock.today
    app.jinja_env.filters.update(
        datetime=shown_datetime,
        date=shown_date,
        duration=shown_duration,
        period=shown_period,
        phone=lambda digits: phones.shown(digits) if digits else "모름",
        masked_phone=lambda digits: shown(Shape.PHONE, digits) if digits else "모름",
        masked_name=partial(shown, Shape.NAME),
        masked_address=partial(shown, Shape.ADDRESS),
        masked_applicant=lambda row: shown_applicant(row.applicant_name, row.applicant_kind),
        masked_recipient=lambda text, row: shown_recipient(
            text, row.applicant_name, row.applicant_kind
        ),
        state_title=lambda state: state_title(State(state)),
        with_particle=with_particle,
        worded=worded,
        action_title=lambda action: action_title(Action(action)),
    )


def shown_datetime(moment: datetime | None) -> str:
    """`2026. 11. 23. 14:05` in Seoul."""
    if moment is None:
        return "-"
    local = clock.seoul(moment)
    return f"{shown_date(local.date())} {local:%H:%M}"


def shown_date(day: date | None) -> str:
    """`2026. 11. 23.`"""
    return f"{day.year}. {day.month}. {day.day}." if day else "-"


def shown_period(start: datetime | None, end: datetime | None) -> str:
    """`2026. 11. 23. 14:05 ~ 2026. 11. 23. 14:30`; one time where both read the same."""
    first, last = shown_datetime(start), shown_datetime(end or start)
    return first if first == last else f"{first} ~ {last}"


def shown_duration(milliseconds: int) -> str:
    """`3분 07초`"""
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    return f"{minutes}분 {seconds:02d}초"
