"""Who hands over (인계자): the counter officer named in the approval, or else any custodian, or who
acts for them (직무대리)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, and_, literal, or_, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Account, RoleGrant
from portal.applications.conflict import conflict_of
from portal.applications.custody import handled_by, handles, told_what_to_do
from portal.applications.models import Application
from portal.applications.states import State
from portal.handover.models import HandoverReceipt
from portal.roles import Role
from portal.web.paging import Whole
from portal.words import worded


@dataclass
class NotTransferor(Exception):
    """Somebody else is the 인계자 of this application."""

    def __str__(self) -> str:
        return worded(
            "이 신청의 인계자가 아닙니다. 승인할 때 지정된 인계자 또는 "
            "{titles.custodian:이/가} 처리합니다."
        )


def named_transferor(application: Application) -> Account | None:
    """The officer named in the approval, as long as they are there and sit at a counter."""
    named = application.transferor
    return named if named is not None and Role.COUNTER in named.roles else None


def is_transferor(application: Application, account: Account) -> bool:
    """Whether this account hands over; a named officer who has left holds nothing up."""
    named = named_transferor(application)
    return named.id == account.id if named else handles(application, account)


def require_transferor(application: Application, account: Account) -> None:
    """Raises `NotTransferor` or `Conflict`."""
    if not is_transferor(application, account):
        raise NotTransferor
    if found := conflict_of(application, account):
        raise told_what_to_do(found, application)


def handed_over_by(account: Account) -> Select[HandoverReceipt]:
    """What this account handed over as 인계자, in person or by 회신 공문, the newest first."""
    return (
        select(HandoverReceipt)
        .where(
            HandoverReceipt.transferor_id == account.id, HandoverReceipt.handed_over_at.is_not(None)
        )
        .order_by(HandoverReceipt.handed_over_at.desc(), HandoverReceipt.id.desc())
    )


def handed_over_rows() -> Whole:
    """How the rows of `handed_over_by` are loaded once it is known which."""
    with_it = joinedload(HandoverReceipt.application), joinedload(HandoverReceipt.issued)
    return HandoverReceipt.id, select(HandoverReceipt).options(*with_it)


def waiting_for(account: Account) -> Select[Application]:
    """The approved applications this account hands over, the most urgent first."""
    officers = (
        select(RoleGrant.account_id)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(
            # Written out, so that PostgreSQL sees how few they are when it plans once for all.
            RoleGrant.role == literal(Role.COUNTER, RoleGrant.role.type, literal_execute=True),
            RoleGrant.revoked_at.is_(None),
            Account.are_open(),
        )
    )
    named = Application.transferor_id
    mine = and_(named == account.id, named.in_(officers))
    if Role.CUSTODIAN in account.roles | account.acting_roles:
        nobodys = or_(named.is_(None), named.not_in(officers))
        mine = or_(mine, and_(nobodys, handled_by(account)))
    return (
        select(Application)
        .where(Application.state == State.APPROVED, mine)
        .order_by(Application.due_on, Application.id)
    )
