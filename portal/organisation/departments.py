"""Departments: added, changed and ended with dates; never deleted (제3조)."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import func, or_, select

from portal import audit, clock
from portal.accounts.authority import require_custodian
from portal.accounts.models import Account, Department, Posting
from portal.database import lock, writing
from portal.organisation.csv_file import LineRefused
from portal.organisation.report import Effect
from portal.runtime import settings


def put_department(
    name: str, kind: str, from_on: date, last_on: date | None, *, by: Account | None
) -> tuple[Effect, str]:
    """Add a department, or make the known one of that name say this. Raises `LineRefused`.

    Inside the open `write()`. Answers what happened, and in words.
    """
    require_custodian(by)
    if kind not in settings().organisation.kinds:
        kinds = ", ".join(settings().organisation.kinds)
        raise LineRefused(f"구분은 {kinds} 가운데 하나입니다.")
    if last_on and last_on < from_on:
        raise LineRefused("종료일이 시작일보다 이릅니다.")
    until_on = last_on and last_on + timedelta(days=1)
    known = _latest(name)
    if known is None or (known.until_on and known.until_on <= from_on):
        added = Department(name=name, kind=kind, from_on=from_on, until_on=until_on)
        writing().add(added)
        writing().flush()
        audit.record("department.added", by=by, on=added)
        return Effect.ADDED, f"새 부서: {name} ({kind})"
    return _change(known, kind, from_on, until_on, by)


def end_department(department: Department, last_on: date, *, by: Account | None) -> None:
    """End a department after a day. Raises `LineRefused` where people still sit in it then."""
    require_custodian(by)
    lock(department)
    if department.until_on and department.until_on <= clock.today():
        raise LineRefused("이미 끝난 부서입니다.")
    if last_on < department.from_on:
        raise LineRefused("종료일이 시작일보다 이릅니다.")
    _end(department, last_on + timedelta(days=1))
    audit.record("department.ended", by=by, on=department)


def _change(
    known: Department, kind: str, from_on: date, until_on: date | None, by: Account | None
) -> tuple[Effect, str]:
    if (known.kind, known.from_on, known.until_on) == (kind, from_on, until_on):
        return Effect.SAME, known.name
    ended = until_on is not None and until_on != known.until_on
    if ended and until_on:
        _end(known, until_on)
    known.kind, known.from_on, known.until_on = kind, from_on, until_on
    audit.record("department.ended" if ended else "department.changed", by=by, on=known)
    effect = Effect.ENDED if ended else Effect.CHANGED
    return effect, f"{known.name}: {'종료' if ended else '변경'}"


def _end(department: Department, until_on: date) -> None:
    staying = select(func.count()).where(
        Posting.department_id == department.id,
        or_(Posting.until_on.is_(None), Posting.until_on > until_on),
    )
    if count := writing().scalar(staying):
        raise LineRefused(
            f"{department.name}에 그 뒤까지 소속된 직원이 {count}명 있습니다. "
            "직원의 발령을 먼저 옮겨 주십시오."
        )
    department.until_on = until_on


def _latest(name: str) -> Department | None:
    named = select(Department).where(Department.name == name)
    return writing().scalar(named.order_by(Department.from_on.desc()).limit(1))
