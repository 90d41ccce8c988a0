"""전화 안내: the counter tells by telephone whoever has no account, and notes what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlalchemy.orm import joinedload

from portal import audit, clock
from portal.accounts.models import Account
from portal.applications.models import Application
from portal.applications.resident_number import MESSAGE, holds_resident_number
from portal.applications.visibility import office_id_of
from portal.applications.wording import paragraphs
from portal.database import lock, writing
from portal.extensions import db
from portal.notices.models import CallTask
from portal.notices.people import needs_call
from portal.roles import Role

LONGEST_NOTE = 300  # characters


class Result(StrEnum):
    """What came of a call."""

    TOLD = "told"
    NOT_REACHED = "not_reached"
    #: The application moved on before anybody called.
    OVERTAKEN = "overtaken"


RESULTS: dict[Result, str] = {
    Result.TOLD: "안내함",
    Result.NOT_REACHED: "연락이 닿지 않음",
    Result.OVERTAKEN: "안내하기 전에 처리가 더 진행됨",
}

#: What is to be told, by what happened.
WORDS: dict[str, str] = {
    "application.request_supplement": (
        "신청을 보완해야 합니다. 신청 화면의 보완 사항과 기한을 알려 주십시오."
    ),
    "supplement.remind": (
        "보완기한이 다가옵니다. 신청 화면의 보완 사항을 알리고 기한까지 보완해 달라고 해 주십시오."
    ),
    "destruction.remind": (
        "제공받은 것을 파기했는지 물어 주십시오. 파기했다고 하면 인계자가 '파기확인'에 적습니다."
    ),
    "application.approve": (
        "신청이 승인되었습니다. 신분증을 가지고 창구에 와서 인계·인수증에 서명해야 하며, "
        "{information:이/가} 삭제되는 날이 지나면 열람·제공할 수 없다고 알려 주십시오."
    ),
    "application.refuse": (
        "신청이 거절되었습니다. 신청 화면에 적힌 사유와 이의를 제기하는 방법을 알려 주십시오."
    ),
    "application.not_found": (
        "해당하는 {information:을/를} 찾지 못했습니다. 처리가 끝났음을 알려 주십시오."
    ),
    "application.expire": (
        "보관기간이 지나 {information:이/가} 삭제되었고 신청이 기간만료로 끝났습니다. "
        "신청 화면에 적힌 "
        "사유를 알려 주십시오."
    ),
}


@dataclass
class CannotFinish(Exception):
    """The result was not noted; `str()` says why, in Korean."""

    why: str

    def __str__(self) -> str:
        return self.why


class AlreadyDone(CannotFinish):
    """Somebody else was faster, or nothing is left to be told."""


def ask_for(application: Application, what: str) -> None:
    """Put a call before the counter, inside `write()`, where the applicant has no account."""
    if not needs_call(application):
        return
    writing().add(
        CallTask(
            application_id=application.id,
            kind=what,
            account_id=application.entered_by_id,
            office_id=application.office_id,
            at=clock.now(),
        )
    )


def is_waiting(application: Application, what: str) -> bool:
    """Whether the same call is before the counter already."""
    same = select(CallTask.id).where(
        CallTask.application_id == application.id, CallTask.kind == what, CallTask.done_at.is_(None)
    )
    return writing().scalar(same.limit(1)) is not None


def overtake(application: Application) -> None:
    """What was to be told before the application moved on is told no more."""
    writing().execute(
        update(CallTask)
        .where(CallTask.application_id == application.id, CallTask.done_at.is_(None))
        .values(done_at=clock.now(), result=Result.OVERTAKEN)
        .execution_options(synchronize_session=False)
    )


def finish(task: CallTask, result: str, note: str, *, by: Account) -> None:
    """Note what came of the call, inside `write()`. Raises `CannotFinish`."""
    lock(task)
    if not is_mine(task, by):
        raise CannotFinish("이 창구의 안내가 아닙니다. 신청을 입력한 창구에서 처리해 주십시오.")
    if task.done_at is not None:
        who = f"{task.done_by.name} 님이" if task.done_by else "신청이 더 진행되어"
        raise AlreadyDone(f"{who} 먼저 마친 안내입니다. 더 하실 일은 없습니다.")
    if result not in (Result.TOLD, Result.NOT_REACHED):
        raise CannotFinish("결과를 골라 주십시오.")
    kept = paragraphs(note)
    if len(kept) > LONGEST_NOTE:
        raise CannotFinish(f"메모는 {LONGEST_NOTE}자까지 적을 수 있습니다. 글을 줄여 주십시오.")
    if holds_resident_number(kept):
        raise CannotFinish(MESSAGE)
    if result == Result.NOT_REACHED and not kept:
        raise CannotFinish("언제 몇 번 전화했는지 메모에 적어 주십시오.")
    task.done_at, task.done_by_id = clock.now(), by.id
    task.result, task.note = result, kept
    audit.record("call_task.done", by=by, on=task, result=str(result))


def is_mine(task: CallTask, account: Account) -> bool:
    """Who entered the application, or an officer of the counter where it was entered."""
    if not account.is_active:
        return False
    if task.account_id == account.id:
        return True
    there = task.office_id is not None and task.office_id == office_id_of(account)
    return there and Role.COUNTER in account.roles


def tasks_of(account: Account, *, done: bool) -> Select[CallTask]:
    """The calls of the account's counter: open ones the oldest first, else the latest first."""
    order = CallTask.done_at.desc() if done else CallTask.at
    state = CallTask.done_at.is_not(None) if done else CallTask.done_at.is_(None)
    return (
        select(CallTask)
        .where(_mine(account), state)
        .options(joinedload(CallTask.application), joinedload(CallTask.done_by))
        .order_by(order, CallTask.id)
    )


def open_count(account: Account) -> int:
    """How many calls the account's counter has to make."""
    waiting = select(func.count(CallTask.id)).where(_mine(account), CallTask.done_at.is_(None))
    return db.session.scalar(waiting) or 0


def _mine(account: Account) -> ColumnElement[bool]:
    own = CallTask.account_id == account.id
    office = office_id_of(account)
    return own if office is None else or_(own, CallTask.office_id == office)
