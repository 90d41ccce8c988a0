"""Who may fill the step that is due: a holder of its role, or the acting person (대결).

The acting person steps in only where no holder can: each is away on these days (an assignment
names them), or must keep their hands off this application, or there is none.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.accounts.models import Account, ActingAssignment, RoleGrant
from portal.applications.conflict import conflict_of, parties_to
from portal.applications.models import Application, ApprovalStep
from portal.extensions import db
from portal.roles import Role
from portal.runtime import settings

#: The capacity on the step, and after the title in the history.
ACTING = "대결"


class Standing(StrEnum):
    """As whom somebody stands before a step."""

    HOLDER = "holder"
    ACTING = "acting"
    #: Named as acting, but a holder, or somebody who is asked before, is there and free.
    NOT_NEEDED = "not_needed"
    NONE = "none"


def standing_of(account: Account, step: ApprovalStep) -> Standing:
    """The account's standing before the step today. Their own conflict is another question."""
    role = Role(step.role)
    if role in account.roles:
        return Standing.HOLDER
    if role not in account.acting_roles:
        return Standing.NONE
    if free_holders(step):
        return Standing.NOT_NEEDED
    before = earlier(account, acting_for(role))
    return Standing.NOT_NEEDED if free_among(before, step) else Standing.ACTING


def stands_before(account: Account, step: ApprovalStep) -> bool:
    """Whether the step is this account's to fill today, as holder or acting."""
    return standing_of(account, step) in (Standing.HOLDER, Standing.ACTING)


def capacity_at(step: ApprovalStep, standing: Standing) -> tuple[str, str]:
    """What the step and the history say of the person: `(팀장, 팀장)` or `(대결, 팀장 대결)`."""
    if standing is Standing.ACTING:
        return ACTING, f"{step.title} {ACTING}"
    return step.title, step.title


def free_holders(step: ApprovalStep) -> list[Account]:
    """The holders of the step's role who are there today and free to decide on its application."""
    away = away_today(Role(step.role))
    holders = [h for h in holders_of(Role(step.role)) if h.id not in away]
    return free_among(holders, step)


def acting_for(role: Role) -> list[Account]:
    """Who acts for the role today (대결), in the order in which they are asked: by the 직급 of the
    settings, and among equals who was named first."""
    named = (
        select(ActingAssignment)
        .where(ActingAssignment.role == role, ActingAssignment.are_in_force_on(clock.today()))
        .options(joinedload(ActingAssignment.account))
        .order_by(ActingAssignment.id)
    )
    accounts = list(dict.fromkeys(a.account for a in db.session.scalars(named)))
    order = settings().approval.acting_order
    place = {rank: number for number, rank in reversed(list(enumerate(order)))}
    there = [account for account in accounts if account.is_active]
    return sorted(there, key=lambda account: place.get(account.person.rank, len(order)))


def earlier(account: Account, asked: Sequence[Account]) -> list[Account]:
    """Those who are asked before this one."""
    ids = [one.id for one in asked]
    return list(asked[: ids.index(account.id)]) if account.id in ids else list(asked)


def free_among(accounts: Sequence[Account], step: ApprovalStep) -> list[Account]:
    """Those whom nothing keeps from deciding on the step's application."""
    application = step.application
    parties = parties_to(application) if accounts else ()
    return [account for account in accounts if not _is_barred(application, account, parties)]


def holders_of(role: Role) -> list[Account]:
    """The open accounts with the role, whether or not they are there today."""
    held = Account.grants.any((RoleGrant.role == role) & RoleGrant.revoked_at.is_(None))
    return list(db.session.scalars(select(Account).where(Account.are_open(), held)))


def away_today(role: Role) -> set[int]:
    """The ids of the accounts in whose place somebody acts today for this role."""
    statement = select(ActingAssignment.in_place_of_id).where(
        ActingAssignment.role == role,
        ActingAssignment.in_place_of_id.is_not(None),
        ActingAssignment.are_in_force_on(clock.today()),
    )
    return {account_id for account_id in db.session.scalars(statement) if account_id is not None}


def _is_barred(application: Application, account: Account, parties: Collection[int]) -> bool:
    # 한 사람이 두 칸을 결재하지 않는다.
    decided_before = any(step.decided_by_id == account.id for step in application.steps)
    return decided_before or conflict_of(application, account, parties) is not None
