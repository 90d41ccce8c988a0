"""Sending what lies in the outbox: each mail claimed by one worker, tried until it is through.

A crash between the server's answer and the mark `sent` repeats that one mail after the claim has
run out, with the same Message-ID; nothing else is sent twice, and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from smtplib import SMTP, SMTPRecipientsRefused, SMTPResponseException, SMTPServerDisconnected

import structlog
from sqlalchemy import ColumnElement, and_, or_, select, update

from portal import clock
from portal.database import write
from portal.extensions import db
from portal.notices.failed_mails import tell_custodians
from portal.notices.letter import letter
from portal.notices.models import Mail
from portal.notices.smtp import server
from portal.runtime import settings

BATCH = 50
#: Longer than any conversation with the server: after it, the worker is taken for dead.
CLAIM = timedelta(minutes=5)
_FIRST_DELAY = timedelta(minutes=1)
_LONGEST_DELAY = timedelta(hours=6)
#: An address that refused for so long is given up; the notice in the portal stays.
GIVE_UP_AFTER = timedelta(days=5)
_log = structlog.get_logger()


def send_waiting(stop: Callable[[], bool] = bool) -> int:
    """Send what is due; returns how many went through. One connection for all of them.

    Where the server cannot be reached, the first mail is put off and the round ends.
    """
    if not settings().mail.host:
        return 0
    sent = 0
    with ExitStack() as stack:
        connection: SMTP | None = None
        for mail_id in _due_ids():
            if stop():
                break
            if not claim(mail_id):
                continue
            try:
                connection = connection or stack.enter_context(server())
            except OSError as error:
                _put_off(mail_id, _name_of(error))
                break
            outcome = _send(mail_id, connection)
            sent += outcome is None
            if outcome == SMTPServerDisconnected.__name__:
                break
    return sent


def claim(mail_id: int) -> bool:
    """Take a mail for this worker; False where another one has it or it is no longer due."""
    now = clock.now()
    with write() as session:
        taken = session.execute(
            update(Mail)
            .where(Mail.id == mail_id, _is_due())
            .values(claimed_until=now + CLAIM, attempts=Mail.attempts + 1)
            .execution_options(synchronize_session=False)
        )
        return bool(taken.rowcount == 1)  # type: ignore[attr-defined]


def _send(mail_id: int, connection: SMTP) -> str | None:
    """None where it went through, else what went wrong."""
    mail = db.session.get_one(Mail, mail_id)
    account = mail.notice.account
    if not account.is_active or not account.email:
        _mark(mail_id, state="dropped", error="no_address", claimed_until=None)
        return "no_address"
    message = letter(mail, account.email)
    db.session.rollback()  # no transaction is open while the server takes its time
    try:
        connection.send_message(message)
    except OSError as error:
        _put_off(mail_id, _name_of(error))
        return type(error).__name__
    _mark(mail_id, state="sent", sent_at=clock.now(), claimed_until=None, error=None)
    return None


def _put_off(mail_id: int, error: str) -> None:
    mail = db.session.get_one(Mail, mail_id)
    now, age = clock.now(), clock.now() - mail.notice.at
    delay = min(_LONGEST_DELAY, _FIRST_DELAY * 2 ** min(mail.attempts - 1, 10))
    _log.warning("mail.put_off", mail=mail.public_id, error=error, attempts=mail.attempts)
    if age > GIVE_UP_AFTER and error.startswith("5"):
        _mark(mail_id, state="dropped", error=error, claimed_until=None)
        with write():
            tell_custodians()
        return
    _mark(mail_id, next_at=now + delay, error=error, claimed_until=None)


def _mark(mail_id: int, **values: object) -> None:
    with write() as session:
        session.execute(
            update(Mail)
            .where(Mail.id == mail_id, Mail.state == "waiting")
            .values(**values)
            .execution_options(synchronize_session=False)
        )


def _due_ids() -> list[int]:
    due = select(Mail.id).where(_is_due()).order_by(Mail.next_at, Mail.id).limit(BATCH)
    found = list(db.session.scalars(due))
    db.session.rollback()
    return found


def _is_due() -> ColumnElement[bool]:
    now = clock.now()
    free = or_(Mail.claimed_until.is_(None), Mail.claimed_until <= now)
    return and_(Mail.state == "waiting", Mail.next_at <= now, free)


def _name_of(error: OSError) -> str:
    """The server's code, or the kind of failure: its words could name the recipient."""
    if isinstance(error, SMTPRecipientsRefused):
        return str(next(iter(error.recipients.values()))[0])
    if isinstance(error, SMTPResponseException):
        return str(error.smtp_code)
    return type(error).__name__
