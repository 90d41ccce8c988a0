"""Closing an account: at once, for good, and never deleted (제11조 binds former staff too)."""

from __future__ import annotations

from sqlalchemy import or_, update

from portal import audit, clock
from portal.accounts.acting import end_all_of
from portal.accounts.authority import hold_open_account, refuse_last, require_custodian
from portal.accounts.end_access import end_access
from portal.accounts.models import Account, AccountChange
from portal.accounts.refusals import OwnAccount
from portal.database import writing


def close_account(account: Account, *, by: Account | None) -> None:
    """Close an open account inside the open `write()`; its rights end, their history stays.

    Raises `AccountRefused`: closed already, one's own, or the last custodian or head.
    """
    hold_open_account(account)
    require_custodian(by)
    if by is not None and by.id == account.id:
        raise OwnAccount
    refuse_last(account, account.roles)
    now = clock.now()
    for grant in account.grants:
        grant.revoked_at = grant.revoked_at or now
    account.closed_at = now
    _decline_what_waits(account, by)
    end_all_of(account, by=by)
    end_access(account, "account_closed")
    audit.record("account.closed", by=by, on=account)


def _decline_what_waits(account: Account, by: Account | None) -> None:
    writing().execute(
        update(AccountChange)
        .where(
            or_(AccountChange.account_id == account.id, AccountChange.asked_by_id == account.id),
            AccountChange.answered_at.is_(None),
        )
        .values(answered_at=clock.now(), answered_by_id=by.id if by else None, confirmed=False)
        .execution_options(synchronize_session=False)
    )
