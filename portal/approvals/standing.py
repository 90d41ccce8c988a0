"""Who may fill the step that is due: a holder of its role, or the acting person (대결).

The acting person steps in only where no holder can: each is away on these days (an assignment
names them), or must keep their hands off this application, or there is none.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import select

from portal import clock
from portal.accounts.models import Account, ActingAssignment, RoleGrant
from portal.applications.conflict import conflict_of
from portal.applications.models import Application, ApprovalStep
from portal.extensions import db
from portal.roles import Role

#: The capacity on the step, and after the title in the history.
ACTING = "대결"


class Standing(StrEnum):
    """As whom somebody stands before a step."""

    HOLDER = "holder"
    ACTING = "acting"
    #: Named as acting, but a holder is there and free to decide.
    NOT_NEEDED = "not_needed"
    NONE = "none"


def standing_of(account: Account, step: ApprovalStep) -> Standing:
    """The account's standing before the step today. Their own conflict is another question."""
    role = Role(step.role)
    if role in account.roles:
        return Standing.HOLDER
    if role not in account.acting_roles:
        return Standing.NONE
    return Standing.NOT_NEEDED if free_holders(step) else Standing.ACTING


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
    return [h for h in holders if not _is_barred(step.application, h)]


def holders_of(role: Role) -> list[Account]:
    """The open accounts with the role, whether or not they are there today."""
    held = Account.grants.any((RoleGrant.role == role) & RoleGrant.revoked_at.is_(None))
    return list(db.session.scalars(select(Account).where(Account.closed_at.is_(None), held)))


def away_today(role: Role) -> set[int]:
    """The ids of the accounts in whose place somebody acts today for this role."""
    statement = select(ActingAssignment.in_place_of_id).where(
        ActingAssignment.role == role,
        ActingAssignment.in_place_of_id.is_not(None),
        ActingAssignment.are_in_force_on(clock.today()),
    )
    return {account_id for account_id in db.session.scalars(statement) if account_id is not None}


def _is_barred(application: Application, account: Account) -> bool:
    # 한 사람이 두 칸을 결재하지 않는다.
    decided_before = any(step.decided_by_id == account.id for step in application.steps)
    return decided_before or conflict_of(application, account) is not None
