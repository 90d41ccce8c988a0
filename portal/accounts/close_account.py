"""Closing an account: at once, for good, and never deleted (제11조 binds former staff too)."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import or_, select, update

from portal import audit, clock
from portal.accounts.acting import end_all_of
from portal.accounts.authority import hold_open_account, refuse_last, require_custodian
from portal.accounts.end_access import end_access
from portal.accounts.models import Account, AccountChange
from portal.accounts.refusals import AccountClosed, AccountRefused, BadClosingDay, OwnAccount
from portal.database import lock, write, writing
from portal.extensions import db


def close_account(account: Account, *, by: Account | None) -> None:
    """Close an account inside the open `write()`; its rights end, their history stays.

    Raises `AccountRefused`: closed already, one's own, or the last custodian or head.
    """
    lock(account)
    if account.closed_at is not None:
        raise AccountClosed
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


def set_closing(account: Account, last_on: date | None, *, by: Account | None) -> None:
    """Let the account close by itself after a day, or take that back with None, inside the open
    `write()`. Raises `AccountRefused` as `close_account` would, and for a day that is over. From
    the midnight after it nothing opens any more, and the day cannot be taken back."""
    hold_open_account(account)
    require_custodian(by)
    if by is not None and by.id == account.id:
        raise OwnAccount
    if last_on is not None and last_on < clock.today():
        raise BadClosingDay
    if last_on is not None:
        refuse_last(account, account.roles)
    account.close_on = last_on + timedelta(days=1) if last_on else None
    day = account.close_on.isoformat() if account.close_on else None
    audit.record("account.closing_set", by=by, on=account, day=day)


def close_what_is_due() -> int:
    """Close every account whose day has come; for the worker, a short `write()` for each.

    Nobody could use them since that midnight; here their rights end and what waits is declined.
    """
    due = select(Account.id).where(Account.closed_at.is_(None), Account.close_on <= clock.today())
    ids = list(db.session.scalars(due))
    db.session.rollback()
    return sum(_close_due(account_id) for account_id in ids)


def _close_due(account_id: int) -> bool:
    try:
        with write() as session:
            account = session.get_one(Account, account_id)
            lock(account)
            if account.close_on is None or account.close_on > clock.today():
                return False  # taken back meanwhile
            close_account(account, by=None)
    except AccountRefused:
        return False
    return True


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
