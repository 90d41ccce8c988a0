"""Who may run accounts, who may be the second person, and that custodian and head never run out.

Each is asked inside the open `write()`, on rows read anew there.
"""

from __future__ import annotations

from sqlalchemy import select

from portal.accounts.models import Account, RoleGrant
from portal.accounts.refusals import AccountClosed, LastOne, MayNot
from portal.database import lock, writing
from portal.roles import SENSITIVE, Role
from portal.runtime import settings

_SECOND = frozenset({Role.CUSTODIAN, Role.TEAM_LEADER, Role.DIVISION_HEAD})
_NEVER_WITHOUT = (Role.CUSTODIAN, Role.DIVISION_HEAD)


def title_of(role: Role) -> str:
    """The institution's own word for a role."""
    return str(getattr(settings().titles, role.value))


def hold_open_account(account: Account) -> None:
    """Lock an account that must be open. Raises `AccountClosed`."""
    lock(account)
    if not account.is_active:
        raise AccountClosed


def require_custodian(by: Account | None) -> None:
    """`by` is None on the command line of the machine itself. Raises `MayNot`."""
    if by is not None and Role.CUSTODIAN not in by.roles:
        raise MayNot


def may_be_second(by: Account) -> bool:
    """Whether the person has a role by which they may confirm what another one asked for."""
    return not by.roles.isdisjoint(_SECOND)


def is_sensitive(account: Account) -> bool:
    """Whether the account's password and TOTP are reset by two people only."""
    return not account.roles.isdisjoint(SENSITIVE)


def refuse_last(account: Account, roles: frozenset[Role]) -> None:
    """Raises `LastOne` where taking these roles from the account would leave nobody with one.

    Whose closing is set counts as gone, so that the role is not vacant from that day on. All grants
    of the role are held until the commit, so that of two who leave at once one stays.
    """
    for role in _NEVER_WITHOUT:
        if role not in roles:
            continue
        holders = writing().scalars(
            select(RoleGrant.account_id)
            .where(RoleGrant.role == role, RoleGrant.revoked_at.is_(None))
            .order_by(RoleGrant.id)
            .with_for_update(of=RoleGrant)
        )
        staying = select(Account.id).where(
            Account.id.in_(set(holders)), Account.closed_at.is_(None), Account.close_on.is_(None)
        )
        if set(writing().scalars(staying)) <= {account.id}:
            raise LastOne(title_of(role))
