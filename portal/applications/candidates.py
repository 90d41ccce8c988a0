"""Calls as the custodian may see them: plain values, masked already, whatever a page does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from sqlalchemy import Select, bindparam, select

from portal.accounts.models import Department, Extension
from portal.applications.bounds import within
from portal.applications.models import Application, CallCandidate
from portal.extensions import db
from portal.masking import Shape, shown
from portal.recordings.models import CallLeg, Recording


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One call; its numbers are masked unless the application says them."""

    public_id: str
    called_at: datetime
    duration_ms: int
    direction: str
    caller: str
    callee: str
    #: Whether caller and callee are what the application says; what it does not know fits.
    fits: bool
    #: Where the call was taken, in the order of its legs.
    departments: tuple[str, ...]
    delete_on: date
    is_alive: bool
    #: The call that the employee applied from, or that the applicant chose among candidates.
    proposed: bool
    #: It lies among the candidates for the applicant: "waiting", "asked", "chosen" or "not".
    offer: str = ""


def candidates(application: Application, rows: list[Recording]) -> list[Candidate]:
    """The recordings in the same order; one more query for all of them."""
    departments = _departments([row.id for row in rows])
    said, offers = numbers_said(application), offers_of(application)
    return [
        Candidate(
            public_id=row.public_id,
            called_at=row.called_at,
            duration_ms=row.duration_ms,
            direction=row.direction,
            caller=_shown(row.caller_number, said),
            callee=_shown(row.callee_number, said),
            fits=_fits(application, row),
            departments=departments.get(row.id, ()),
            delete_on=row.delete_on,
            is_alive=row.is_alive,
            proposed=row.id == application.asked_recording_id or offers.get(row.id) == "chosen",
            offer=offers.get(row.id, ""),
        )
        for row in rows
    ]


def proposal(application: Application) -> list[Candidate]:
    """The call an employee applied from, and the candidates, while alive and within the bounds."""
    ids = {*offers_of(application), application.asked_recording_id}
    wanted = (
        select(Recording)
        .where(Recording.id.in_(ids - {None}), within(application))
        .order_by(Recording.called_at, Recording.id)
    )
    return candidates(application, list(db.session.scalars(wanted)))


def matched(application: Application) -> list[tuple[int, Candidate]]:
    """The matched recordings with their positions."""
    rows = candidates(application, [match.recording for match in application.matches])
    return list(zip((match.position for match in application.matches), rows, strict=True))


def offers_of(application: Application) -> dict[int, str]:
    """Where each candidate stands, by recording."""
    return {row.recording_id: _offer(row) for row in application.candidates}


def _offer(row: CallCandidate) -> str:
    if row.chosen is not None:
        return "chosen" if row.chosen else "not"
    return "asked" if row.asked_at else "waiting"


def numbers_said(application: Application) -> list[str]:
    """The numbers in the application; an unknown one (모름) is none."""
    return [n for n in (application.caller_number, application.callee_number) if n]


def _departments(recording_ids: list[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    if not recording_ids:
        return found
    for recording_id, name in db.session.execute(_taken_by(), {"ids": recording_ids}):
        before = found.get(recording_id, ())
        found[recording_id] = before if name in before else (*before, name)
    return found


@cache
def _taken_by() -> Select[int, str]:
    return (
        select(CallLeg.recording_id, Department.name)
        .join(Extension, Extension.id == CallLeg.extension_id)
        .join(Department, Department.id == Extension.department_id)
        .where(CallLeg.recording_id.in_(bindparam("ids", expanding=True)))
        .order_by(CallLeg.from_at, CallLeg.id)
    )


def _shown(number: str | None, said: list[str]) -> str:
    if not number:
        return "번호 없음"
    return shown(Shape.PHONE, number, whole=number in said)


def _fits(application: Application, row: Recording) -> bool:
    pairs = (
        (application.caller_number, row.caller_number),
        (application.callee_number, row.callee_number),
    )
    return all(not said or said == number for said, number in pairs)
