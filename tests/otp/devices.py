"""Authenticators for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp

from portal import clock
from portal.accounts.models import Account
from portal.otp import enrol

#: The beginning of a 30 s step.
NOON = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


def enrolled(account: Account, at: datetime = NOON - timedelta(hours=1)) -> pyotp.TOTP:
    """The account's authenticator, enrolled at a moment (its code of then is used up)."""
    with clock.at(at):
        device = pyotp.TOTP(enrol.begin(account))
        enrol.confirm(account, code_at(device, at))
    return device


def code_at(device: pyotp.TOTP, moment: datetime) -> str:
    """What the authenticator shows at a moment."""
    return str(device.at(int(moment.timestamp())))


def wrong_at(device: pyotp.TOTP, moment: datetime) -> str:
    """Six digits that are not right near a moment."""
    near = {code_at(device, moment + timedelta(seconds=30 * n)) for n in range(-2, 3)}
    return next(code for code in ("000000", "111111", "222222", "333333") if code not in near)
