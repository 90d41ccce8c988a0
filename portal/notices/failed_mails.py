"""Mails that do not get through: visible to the custodian, with another try."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlalchemy.orm import joinedload

from portal import audit, clock
from portal.accounts.models import Account
from portal.approvals.standing import holders_of
from portal.database import writing
from portal.extensions import db
from portal.notices.kinds import Kind
from portal.notices.models import Mail, Notice
from portal.notices.people import in_order
from portal.notices.tell import tell
from portal.roles import Role

#: A server that is away for a moment is no news; so many failures are.
ATTEMPTS = 3
NO_ADDRESS = "no_address"


@dataclass
class CannotRetry(Exception):
    """Nothing was changed; `str()` says why, in Korean."""

    why: str

    def __str__(self) -> str:
        return self.why


def failed() -> Select[Mail]:
    """Given up, or put off again and again; the newest first, with whose they are."""
    return (
        select(Mail)
        .where(_is_failed())
        .options(joinedload(Mail.notice).joinedload(Notice.account))
        .order_by(Mail.id.desc())
    )


def failed_count() -> int:
    return db.session.scalar(select(func.count(Mail.id)).where(_is_failed())) or 0


def retry(mail: Mail, *, by: Account) -> None:
    """Try again with the next turn of the worker, inside `write()`. Raises `CannotRetry`."""
    account = mail.notice.account
    if not account.is_active:
        raise CannotRetry("닫힌 계정입니다. 다시 보낼 수 없습니다.")
    if not account.email:
        raise CannotRetry("계정에 메일 주소가 없습니다. 계정 관리에서 주소를 먼저 적어 주십시오.")
    now = clock.now()
    unheld = or_(Mail.claimed_until.is_(None), Mail.claimed_until <= now)
    again = (
        update(Mail)
        .where(Mail.id == mail.id, _is_failed(), unheld)
        .values(state="waiting", next_at=now, attempts=0, claimed_until=None)
        .execution_options(synchronize_session=False)
    )
    if writing().execute(again).rowcount != 1:  # type: ignore[attr-defined]
        raise CannotRetry("지금 보내고 있거나 이미 보낸 메일입니다. 화면을 새로 고쳐 주십시오.")
    audit.record("mail.retried", by=by, on=mail.notice.account)


def why_of(mail: Mail) -> str:
    """What went wrong last, in words; the server's own words are kept nowhere."""
    error = mail.error or ""
    if error == NO_ADDRESS:
        return "닫힌 계정이거나 메일 주소가 없습니다."
    if error.startswith("5"):
        return f"받는 서버가 거절했습니다 ({error}). 주소를 확인해 주십시오."
    if error.startswith("4"):
        return f"받는 서버가 잠시 받지 않습니다 ({error})."
    if error == "SSLCertVerificationError":
        return "메일 서버의 인증서를 믿을 수 없습니다. 설정을 확인해 주십시오."
    return f"메일 서버에 닿지 못했습니다 ({error})." if error else "아직 보내지 못했습니다."


def tell_custodians() -> None:
    """A mail was given up: once a day, inside `write()`."""
    for account in in_order(holders_of(Role.CUSTODIAN), but=None):
        tell(account, Kind.MAIL_FAILED, once=f"mail:{clock.today()}:{account.id}")


def _is_failed() -> ColumnElement[bool]:
    stuck = (Mail.state == "waiting") & (Mail.attempts >= ATTEMPTS)
    return or_(Mail.state == "dropped", stuck)
