"""The demo's accounts as a newcomer needs them: login, password, TOTP. Never for real data."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import select

from portal.accounts.models import Account
from portal.demo.town import PASSWORD, STAFF, department, rank_of
from portal.extensions import db
from portal.otp.codes import current_code
from portal.otp.models import TotpDevice


@dataclass(frozen=True)
class DemoAccess:
    login: str
    password: str
    name: str
    title: str
    totp_secret: str | None

    def as_dict(self) -> dict[str, str | None]:
        return asdict(self)


def accesses() -> list[DemoAccess]:
    """Every demo account, in the order of the procedure."""
    found = []
    for member in STAFF:
        account = db.session.scalar(select(Account).where(Account.login == member.login))
        if account is None:
            continue
        device = db.session.get(TotpDevice, account.id)
        secret = device.secret if device else None
        title = f"{department(member.department)} {rank_of(member)} {member.name} ({member.job})"
        found.append(DemoAccess(member.login, PASSWORD, member.name, title, secret))
    return found


def code_of(login: str) -> str | None:
    """The current code of a demo account's device."""
    account = db.session.scalar(select(Account).where(Account.login == login))
    if account is None or db.session.get(TotpDevice, account.id) is None:
        return None
    return current_code(account)
