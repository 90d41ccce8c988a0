"""Where an account's notices go by mail; optional."""

from __future__ import annotations

import re

from portal import audit
from portal.accounts.authority import hold_open_account, require_custodian
from portal.accounts.models import Account
from portal.accounts.refusals import AccountRefused

_LONGEST = 254
_ADDRESS = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]+(\.[A-Za-z0-9\-]+)+")


class BadAddress(AccountRefused):
    def __init__(self) -> None:
        super().__init__("메일 주소의 형식이 아닙니다. 예: name@city.example")


def set_email(account: Account, address: str, *, by: Account | None) -> None:
    """Set the address, or clear it with an empty one, inside the open `write()`.

    `by` is a custodian, or None on the command line. Raises `AccountRefused`.
    """
    hold_open_account(account)
    require_custodian(by)
    given = address.strip()
    if given and (len(given) > _LONGEST or not _ADDRESS.fullmatch(given)):
        raise BadAddress
    account.email = given or None
    audit.record("account.email_set", by=by, on=account, given=bool(given))
