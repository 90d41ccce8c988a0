"""접수: the custodian takes an application in; it gets its 관리번호 and its approval line.

`guard_in_hand` is the gate of everything a custodian does afterwards: search, match, forward.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal import clock
from portal.accounts.models import Account
from portal.applications.custody import capacity_of_custodian, guard_custodian, refuse_party
from portal.applications.models import Application, ApprovalStep
from portal.applications.move import move
from portal.applications.states import Action, State, WrongState
from portal.database import lock, writing
from portal.documents.text import korean_datetime
from portal.numbers import coming_serial, next_serial
from portal.runtime import settings


@dataclass
class AlreadyReceived(Exception):
    """Another custodian was faster, or the button was pressed twice."""

    name: str
    at: datetime

    def __str__(self) -> str:
        return (
            f"{self.name}님이 {korean_datetime(self.at)}에 먼저 접수했습니다. "
            "지금 상태를 확인해 주십시오."
        )


@dataclass
class NotInHand(Exception):
    """The application is not received, or lies with the approvers already; `str()` says which."""

    why: str

    def __str__(self) -> str:
        return self.why


def receive(application: Application, *, by: Account) -> None:
    """Take a submitted application in, inside `write()`.

    The 관리번호 is drawn in the same transaction, so a failure loses none. Raises `NotCustodian`,
    `AlreadyReceived`, `WrongState` and `Conflict`.
    """
    guard_custodian(application, by)
    lock(application)
    if application.received_at and application.received_by:
        raise AlreadyReceived(application.received_by.name, application.received_at)
    if application.state != State.SUBMITTED:
        raise WrongState(State(application.state), Action.RECEIVE)
    refuse_party(application, by)
    enter_receipt(application, by)
    move(application, Action.RECEIVE, by=by, capacity=capacity_of_custodian(application, by))


def enter_receipt(application: Application, by: Account) -> None:
    """관리번호, who received it when, and the empty columns of the 결재."""
    application.received_at = clock.now()
    application.received_by_id = by.id
    application.control_no = _next_control_no(application.received_at)
    for position, step in enumerate(_bound(application, "approval")["steps"], start=1):
        row = ApprovalStep(
            application_id=application.id,
            position=position,
            role=step["role"],
            title=step["title"],
        )
        writing().add(row)


def guard_in_hand(application: Application, by: Account) -> None:
    """Lock the application; it must be received and not forwarded, and `by` free to handle it.

    Raises `NotCustodian`, `NotInHand` and `Conflict`.
    """
    guard_custodian(application, by)
    lock(application)
    if application.state == State.SUBMITTED:
        raise NotInHand("아직 접수하지 않은 신청입니다. 먼저 접수해 주십시오.")
    if application.state == State.SUPPLEMENT_REQUESTED:
        raise NotInHand("보완을 기다리는 신청입니다. 이어서 처리하려면 보완요구를 회수하십시오.")
    if application.is_with_approvers:
        raise NotInHand("결재에 올린 신청은 고칠 수 없습니다. 반려되면 다시 처리할 수 있습니다.")
    if application.state != State.RECEIVED:
        raise NotInHand("처리가 끝났거나 접수되지 않은 신청입니다. 지금 상태를 확인해 주십시오.")
    refuse_party(application, by)


def is_in_hand(application: Application) -> bool:
    """처리 중: received (or returned) and not with the approvers."""
    return application.state == State.RECEIVED and application.forwarded_at is None


def _bound(application: Application, section: str) -> dict[str, Any]:
    """A section of the settings as they bind this application since its submission."""
    snapshot = application.settings_snapshot or {}
    found: dict[str, Any] = snapshot.get(section) or settings().model_dump(mode="json")[section]
    return found


def control_no_after(at: datetime) -> str:
    """The 관리번호 that the next receipt draws as things stand; somebody else may be faster."""
    year = clock.seoul(at).year
    return _control_no(year, coming_serial("control", year))


def _next_control_no(at: datetime) -> str:
    year = clock.seoul(at).year
    return _control_no(year, next_serial("control", year))


def _control_no(year: int, serial: int) -> str:
    return settings().application.control_no.format(year=year, serial=serial)
