"""What is still awaited: for reminders, for lists, and for the worker that marks 미회신."""

from __future__ import annotations

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import joinedload

from portal import audit, clock
from portal.accounts.models import Account
from portal.announcements import announce
from portal.applications.models import Application, ApplicationRecording
from portal.applications.move import move
from portal.applications.states import Action, State
from portal.database import lock, write
from portal.destruction.models import Destruction
from portal.extensions import db
from portal.packages.end import end_current, remove_files
from portal.packages.taken import is_taken
from portal.recordings.models import Recording
from portal.roles import Role
from portal.words import worded

AWAITED = ("awaited", "unanswered")


def pending() -> Select[Destruction]:
    """Provisions that were taken away and whose destruction nobody confirmed, oldest first.

    With their applications loaded; 미회신 (`state == "unanswered"`) included.
    """
    return (
        select(Destruction)
        .join(Destruction.application)
        .options(joinedload(Destruction.application))
        .where(Destruction.state.in_(AWAITED), Application.state == State.HANDED_OVER, is_taken())
        .order_by(Destruction.answer_by, Destruction.id)
    )


def shown_to(account: Account) -> Select[Destruction]:
    """What this person confirms: their own, and as an officer those of people without an account.

    A custodian sees all of these, a counter officer those they handed over.
    """
    own = Application.applicant_id == account.person_id
    outside = Application.applicant_id.is_(None)
    if Role.CUSTODIAN in account.roles:
        return pending().where(own | outside)
    return pending().where(own | (outside & (Application.transferor_id == account.id)))


def mark_unanswered() -> int:
    """미회신: nobody answered in the days set. For the worker, outsiders only (employees are
    reminded in the portal until they confirm); opens a short `write()` for each."""
    late = pending().where(
        Destruction.state == "awaited",
        Destruction.answer_by < clock.today(),
        Application.applicant_id.is_(None),
    )
    ids = [row.id for row in db.session.scalars(late)]
    db.session.rollback()
    return sum(_mark(destruction_id) for destruction_id in ids)


def close_never_taken() -> int:
    """A provision that nobody took away and whose recordings have died ends by itself: there is
    nothing to destroy. For the worker; opens a short `write()` for each."""
    ids = list(db.session.scalars(_never_taken()))
    db.session.rollback()
    return sum(_close(application_id) for application_id in ids)


def _mark(destruction_id: int) -> bool:
    with write() as session:
        row = session.get_one(Destruction, destruction_id)
        lock(row)
        if row.state != "awaited":
            return False
        row.state, row.unanswered_at = "unanswered", clock.now()
        audit.record("destruction.unanswered", by=None, on=row.application)
        announce("destruction.unanswered", row.application)
        return True


def _never_taken() -> Select[int]:
    living = exists().where(
        ApplicationRecording.application_id == Application.id,
        ApplicationRecording.recording_id == Recording.id,
        Recording.is_alive,
    )
    return select(Application.id).where(
        Application.state == State.HANDED_OVER,
        Application.disclosure_type == "provision",
        ~living,
        ~is_taken(),
    )


def _close(application_id: int) -> bool:
    with write() as session:
        application = session.get_one(Application, application_id)
        lock(application)
        if application_id not in list(session.scalars(_never_taken())):
            return False  # somebody else was faster
        move(
            application,
            Action.CLOSE,
            by=None,
            opinion=worded("받아 가기 전에 {information:이/가} 삭제됨"),
        )
        application.closed_at = clock.now()
        row = session.scalar(
            select(Destruction).where(Destruction.application_id == application_id)
        )
        if row is not None:
            row.state = "moot"
        package = end_current(application, "deleted", by=None)
    if package is not None:
        remove_files(package)
    return True
