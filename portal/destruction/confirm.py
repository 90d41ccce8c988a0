"""제10조제3호: the holder says that what was provided is destroyed; that closes the application."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from portal import audit, clock
from portal.accounts.models import Account
from portal.applications.conflict import conflict_of
from portal.applications.models import Application
from portal.applications.move import move
from portal.applications.resident_number import MESSAGE, holds_resident_number
from portal.applications.states import Action
from portal.applications.wording import paragraphs
from portal.database import lock, write, writing
from portal.destruction.models import Destruction
from portal.documents.glyphs import unprintable
from portal.extensions import db
from portal.packages.end import end_current, remove_files
from portal.packages.offer import hands_out
from portal.packages.taken import was_taken
from portal.runtime import settings

IN_PORTAL = "portal"
#: How people without an account tell the officer.
TOLD = {
    "paper": "파기확인서 제출",
    "telephone": "전화",
    "visit": "방문",
    "mail": "우편",
    "email": "전자우편",
}
WORDS = {IN_PORTAL: "포털에서 본인이 확인", **TOLD}


@dataclass
class CannotConfirm(Exception):
    """Why not, in Korean."""

    why: str

    def __str__(self) -> str:
        return self.why


class NotTheirs(CannotConfirm):
    """The person has nothing to do with it."""


def await_destruction(application: Application) -> Destruction:
    """Made inside the handover's own `write()`: from here on an answer is awaited."""
    days = settings().provision.destruction_days
    row = Destruction(
        application=application,
        awaited_since=clock.now(),
        answer_by=clock.today() + timedelta(days=days),
    )
    writing().add(row)
    return row


def destruction_of(application: Application) -> Destruction | None:
    """The row of a provision that was handed over."""
    return db.session.scalar(
        select(Destruction).where(Destruction.application_id == application.id)
    )


def may_confirm(application: Application, account: Account) -> bool:
    """The holder who has an account; for everybody else the officer who hands out."""
    if not account.is_active:
        return False
    if application.applicant_id is not None:
        return application.applicant_id == account.person_id
    return hands_out(application, account) and conflict_of(application, account) is None


def confirm(
    application: Application, *, by: Account, destroyed_on: date, told_how: str = "", note: str = ""
) -> Destruction:
    """파기확인. Opens its own `write()`; also after it was marked 미회신.

    Raises `NotTheirs`, `CannotConfirm`, and `WrongState` where it was confirmed before.
    """
    note = paragraphs(note)
    if not may_confirm(application, by):
        raise NotTheirs("파기를 확인할 수 있는 사람이 아닙니다.")
    if holds_resident_number(note):
        raise CannotConfirm(MESSAGE)
    if refused := unprintable(note):
        raise CannotConfirm(refused)
    told_how = IN_PORTAL if application.applicant_id is not None else told_how
    if told_how not in WORDS or (told_how == IN_PORTAL and application.applicant_id is None):
        raise CannotConfirm("파기 사실을 어떻게 알려 왔는지 골라 주십시오.")
    with write():
        lock(application)
        row = _awaited(application, destroyed_on)
        capacity = "신청인" if told_how == IN_PORTAL else "인계자"
        move(application, Action.CLOSE, by=by, capacity=capacity, opinion=_opinion(destroyed_on))
        application.closed_at = row.recorded_at = clock.now()
        row.state, row.destroyed_on, row.told_how = "confirmed", destroyed_on, told_how
        row.note, row.recorded_by_id = note, by.id
        package = end_current(application, "closed", by=by)
        audit.record("destruction.confirm", by=by, on=application, told=told_how)
    if package is not None:
        remove_files(package)
    return row


def _awaited(application: Application, destroyed_on: date) -> Destruction:
    row = destruction_of(application)
    if row is None:
        raise CannotConfirm("제공이 끝난 신청이 아니어서 파기를 확인할 수 없습니다.")
    lock(row)
    if not was_taken(application):
        raise CannotConfirm("아직 제공 파일을 받지 않아 파기할 것이 없습니다.")
    if not clock.seoul(row.awaited_since).date() <= destroyed_on <= clock.today():
        raise CannotConfirm("파기한 날을 제공받은 날부터 오늘까지의 날짜로 적어 주십시오.")
    return row


def _opinion(destroyed_on: date) -> str:
    return f"파기확인: {destroyed_on.year}. {destroyed_on.month}. {destroyed_on.day}. 파기함"
