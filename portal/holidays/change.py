"""임시공휴일: a custodian adds a day off, or takes one back that was entered wrongly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from portal import audit, clock
from portal.accounts.models import Account
from portal.database import writing
from portal.holidays.days import days_off, forget
from portal.holidays.models import ExtraHoliday
from portal.holidays.recount import recount
from portal.roles import Role
from portal.runtime import settings

LONGEST_NAME = 50  # characters


@dataclass
class HolidayRefused(Exception):
    """The list was not changed; `str()` says why, in Korean."""

    why: str

    def __str__(self) -> str:
        return self.why


def add_holiday(day: date, name: str, *, by: Account) -> tuple[ExtraHoliday, int]:
    """Add a day to come, inside `write()`; the second value is how many 처리기한 it moved.

    Raises `HolidayRefused`.
    """
    _guard(by)
    if day < clock.today():
        raise HolidayRefused("지난 날은 더할 수 없습니다. 오늘이나 앞으로 올 날을 고르십시오.")
    if day.weekday() >= 5 or day in days_off(day.year):
        raise HolidayRefused("이미 쉬는 날입니다. 날짜를 확인해 주십시오.")
    if not name or len(name) > LONGEST_NAME:
        raise HolidayRefused(f"이름을 {LONGEST_NAME}자 안으로 적어 주십시오 (예: 임시공휴일).")
    row = ExtraHoliday(day=day, name=name, added_by_id=by.id)
    writing().add(row)
    writing().flush()
    forget()
    audit.record("holiday.added", by=by, on=row, day=day.isoformat())
    return row, recount(by=by)


def remove_holiday(row: ExtraHoliday, *, by: Account) -> int:
    """Take a day back that has not come yet, inside `write()`; returns how many 처리기한 moved.

    Raises `HolidayRefused`.
    """
    _guard(by)
    if row.day <= clock.today():
        raise HolidayRefused("지난 날은 지울 수 없습니다. 처리기한을 셀 때 이미 쓰였습니다.")
    audit.record("holiday.removed", by=by, on=row, day=row.day.isoformat())
    writing().delete(row)
    writing().flush()
    forget()
    return recount(by=by)


def extra_holidays() -> Select[ExtraHoliday]:
    """The list, the latest day first, with who added each."""
    return (
        select(ExtraHoliday)
        .options(joinedload(ExtraHoliday.added_by))
        .order_by(ExtraHoliday.day.desc())
    )


def _guard(by: Account) -> None:
    if Role.CUSTODIAN not in by.roles:
        raise HolidayRefused(f"{settings().titles.custodian}만 쉬는 날을 고칠 수 있습니다.")
