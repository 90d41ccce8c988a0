"""What is done to an account once it may be done; each ends what was open under the old state."""

from __future__ import annotations

from portal import audit, clock
from portal.accounts.authority import refuse_last, title_of
from portal.accounts.end_access import end_access
from portal.accounts.models import Account, RoleGrant
from portal.accounts.passwords import generated_password, set_password
from portal.accounts.refusals import EmployeeStays, NoChange
from portal.announcements import announce
from portal.database import writing
from portal.otp.enrol import remove_device
from portal.roles import Role


def check_grant(account: Account, role: Role) -> None:
    """Raises `NoChange` where the account has the role."""
    if role in account.roles:
        raise NoChange(title_of(role), held=True)


def check_revocation(account: Account, role: Role) -> None:
    """Raises `NoChange`, `EmployeeStays` or `LastOne`."""
    if role not in account.roles:
        raise NoChange(title_of(role), held=False)
    if role is Role.EMPLOYEE:
        raise EmployeeStays
    refuse_last(account, frozenset({role}))


def grant_role(
    account: Account, role: Role, *, by_id: int | None, confirmed_by: Account | None
) -> None:
    """Give the role from now on; `by_id` is the account that asked for it."""
    check_grant(account, role)
    account.grants.append(
        RoleGrant(
            role=role,
            granted_by_id=by_id,
            confirmed_by_id=confirmed_by.id if confirmed_by else None,
            granted_at=clock.now(),
        )
    )
    end_access(account, "roles_changed")
    announce("account.role_granted", account)


def revoke_role(account: Account, role: Role) -> None:
    """Take the role from now on; that it was held stays in the history."""
    check_revocation(account, role)
    for grant in account.grants:
        if grant.role == role and grant.revoked_at is None:
            grant.revoked_at = clock.now()
    end_access(account, "roles_changed")
    announce("account.role_revoked", account)


def reset_password(account: Account) -> str:
    """A generated password, shown once to the person who carries it out, for one login."""
    password = generated_password()
    set_password(account, password, must_change=True)
    end_access(account, "password_reset")
    announce("account.password_reset", account)
    return password


def reset_otp(account: Account) -> None:
    """Forget the authenticator; the person enrols as for the first time."""
    remove_device(account)
    end_access(account, "otp_reset")
    announce("account.otp_reset", account)


def note(action: str, account: Account, by: Account | None, role: Role | None = None) -> None:
    """Log it; flushes first, so that what the database refuses is not logged."""
    writing().flush()
    audit.record(action, by=by, on=account, role=role and str(role))
