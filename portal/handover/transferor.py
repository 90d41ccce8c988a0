"""Who hands over (인계자): the counter officer named in the approval, or else any custodian."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, or_, select

from portal.accounts.models import Account
from portal.applications.conflict import refuse_conflict
from portal.applications.models import Application
from portal.applications.states import State
from portal.roles import Role


@dataclass
class NotTransferor(Exception):
    """Somebody else is the 인계자 of this application."""

    def __str__(self) -> str:
        return (
            "이 신청의 인계자가 아닙니다. 승인할 때 지정된 인계자 또는 시스템 관리자가 처리합니다."
        )


def is_transferor(application: Application, account: Account) -> bool:
    if application.transferor_id is not None:
        return application.transferor_id == account.id
    return Role.CUSTODIAN in account.roles


def require_transferor(application: Application, account: Account) -> None:
    """Raises `NotTransferor` or `Conflict`."""
    if not is_transferor(application, account):
        raise NotTransferor
    refuse_conflict(application, account)


def waiting_for(account: Account) -> Select[Application]:
    """The approved applications this account hands over, the most urgent first."""
    mine = Application.transferor_id == account.id
    if Role.CUSTODIAN in account.roles:
        mine = or_(mine, Application.transferor_id.is_(None))
    return (
        select(Application)
        .where(Application.state == State.APPROVED, mine)
        .order_by(Application.due_on, Application.id)
    )
