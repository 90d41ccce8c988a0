"""Resetting a password or an authenticator: at once, or by two people for a sensitive role."""

from __future__ import annotations

from portal.accounts import carry_out
from portal.accounts.authority import hold_open_account, is_sensitive, require_custodian
from portal.accounts.changes import Kind, ask
from portal.accounts.models import Account, AccountChange


def ask_for_password_reset(account: Account, *, by: Account | None) -> str | AccountChange:
    """The generated password, to be shown once; or the change that waits for a second person.

    Inside the open `write()`. `by` is a custodian, or None on the command line.
    Raises `AccountRefused`.
    """
    hold_open_account(account)
    require_custodian(by)
    if is_sensitive(account):
        return ask(account, Kind.RESET_PASSWORD, by=by)
    password = carry_out.reset_password(account)
    carry_out.note("account.password_reset", account, by)
    return password


def ask_for_otp_reset(account: Account, *, by: Account | None) -> AccountChange | None:
    """None where it was done; or the change that waits for a second person. As above."""
    hold_open_account(account)
    require_custodian(by)
    if is_sensitive(account):
        return ask(account, Kind.RESET_OTP, by=by)
    carry_out.reset_otp(account)
    carry_out.note("account.otp_reset", account, by)
    return None
