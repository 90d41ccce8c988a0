"""내선 미확인: calls whose extension nobody knew on arrival, and what happens once it is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select, update

from portal import audit
from portal.accounts.models import Account, Extension
from portal.database import writing
from portal.extensions import db
from portal.recordings.models import CallLeg, Recording


@dataclass(frozen=True)
class UnknownNumber:
    """A number that calls came in on and that is no known extension; living calls only."""

    number: str
    calls: int
    first_at: datetime
    last_at: datetime


def unknown_numbers(limit: int = 200) -> list[UnknownNumber]:
    """The numbers without an extension, those with the most recent calls first."""
    last = func.max(Recording.called_at)
    statement = (
        _living_legs()
        .with_only_columns(
            CallLeg.number,
            func.count(func.distinct(Recording.id)),
            func.min(Recording.called_at),
            last,
        )
        .group_by(CallLeg.number)
        .order_by(last.desc(), CallLeg.number)
        .limit(limit)
    )
    return [UnknownNumber(*row) for row in db.session.execute(statement)]


def is_waiting(number: str) -> bool:
    """Whether living calls of this number wait for their extension."""
    return db.session.scalar(_living_legs().where(CallLeg.number == number).limit(1)) is not None


def adopt_legs(extension: Extension, *, by: Account | None) -> int:
    """Give the waiting legs of the extension's number to it, inside `write()`; how many there were.

    Who was a party follows from the holdings on each call's day. Idempotent.
    """
    writing().flush()
    adopted = writing().execute(
        update(CallLeg)
        .where(CallLeg.number == extension.number, CallLeg.extension_id.is_(None))
        .values(extension_id=extension.id)
        .execution_options(synchronize_session=False)
    )
    count = int(adopted.rowcount)  # type: ignore[attr-defined]
    if count:
        audit.record("extension.legs_adopted", by=by, on=extension, legs=count)
    return count


def _living_legs() -> Select[CallLeg]:
    return (
        select(CallLeg)
        .join(CallLeg.recording)
        .where(CallLeg.extension_id.is_(None), Recording.is_alive)
    )
