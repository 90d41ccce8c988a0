"""녹취장비 자체 보관: the custodian notes having looked at the recorder."""

from __future__ import annotations

from datetime import date

from portal import audit, clock
from portal.accounts.models import Account
from portal.compliance.models import RecorderCheck
from portal.database import writing
from portal.roles import Role
from portal.runtime import settings


class CannotNote(Exception):
    """The message says why, and what to do."""


def note_recorder(checked_on: date, clean: bool, note: str, *, by: Account) -> RecorderCheck:
    """Note inside `write()` what was seen on a day. Raises `CannotNote`."""
    if Role.CUSTODIAN not in by.roles:
        raise CannotNote(f"{settings().titles.custodian}만 장비 확인을 적을 수 있습니다.")
    if checked_on > clock.today():
        raise CannotNote("확인일은 오늘이나 지난 날이어야 합니다.")
    if not clean and not note.strip():
        raise CannotNote("남아 있는 것이 있으면 무엇이 남아 있는지 적어 주십시오.")
    row = RecorderCheck(checked_on=checked_on, clean=clean, note=note.strip(), checked_by=by)
    writing().add(row)
    audit.record("compliance.recorder_check", by=by, day=checked_on.isoformat(), clean=clean)
    return row
