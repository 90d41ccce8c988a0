"""Asking for a role to be given or taken: sensitive ones need a second person, others do not."""

from __future__ import annotations

from portal.accounts import carry_out
from portal.accounts.authority import hold_open_account, require_custodian
from portal.accounts.changes import Kind, ask
from portal.accounts.models import Account, AccountChange
from portal.roles import SENSITIVE, Role


def ask_for_role(account: Account, role: Role, *, by: Account | None) -> AccountChange | None:
    """Give a role at once (None), or put a sensitive one before the second person.

    Inside the open `write()`. `by` is a custodian, or None on the command line.
    Raises `AccountRefused`.
    """
    hold_open_account(account)
    require_custodian(by)
    carry_out.check_grant(account, role)
    if role in SENSITIVE:
        return ask(account, Kind.GRANT_ROLE, by=by, role=role)
    carry_out.grant_role(account, role, by_id=by.id if by else None, confirmed_by=None)
    carry_out.note("account.role_granted", account, by, role)
    return None


def ask_for_revocation(account: Account, role: Role, *, by: Account | None) -> AccountChange | None:
    """Take a role at once (None), or put a sensitive one before the second person.

    As `ask_for_role`; refuses the employee role and the last custodian or head.
    """
    hold_open_account(account)
    require_custodian(by)
    carry_out.check_revocation(account, role)
    if role in SENSITIVE:
        return ask(account, Kind.REVOKE_ROLE, by=by, role=role)
    carry_out.revoke_role(account, role)
    carry_out.note("account.role_revoked", account, by, role)
    return None
