"""Everybody changes their own password; the present one is asked again."""

from __future__ import annotations

from portal import audit
from portal.accounts.end_access import end_access
from portal.accounts.log_in import authenticate, log_in
from portal.accounts.models import Account
from portal.accounts.passwords import WeakPassword, check_password, set_password
from portal.database import lock, write


def change_password(account: Account, present: str, new: str) -> str:
    """Set a new password, end all sessions and begin a new one, whose token is returned.

    Raises `LoginRefused` (the present one is wrong; counted like a login) or `WeakPassword`.
    Opens its own transactions.
    """
    check_password(account.login, new)
    if new == present:
        raise WeakPassword("지금 쓰는 비밀번호와 다른 비밀번호로 정해 주십시오.")
    authenticate(account.login, present)
    with write():
        lock(account)
        set_password(account, new)
        end_access(account, "password_changed")
        audit.record("account.password_changed", by=account, on=account)
    return log_in(account.login, new)[1]
