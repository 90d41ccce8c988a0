"""Opening and ending a listening session: one fresh code and a purpose, for one application."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from portal import audit, clock
from portal.accounts.models import Account, LoginSession
from portal.applications.models import Application
from portal.database import lock, write, writing
from portal.handover.models import HandoverReceipt
from portal.otp.codes import consume_code
from portal.playback import gate, served
from portal.playback.models import ListeningSession
from portal.runtime import settings


class PurposeMissing(Exception):
    """제7조①: nobody listens without saying for what."""

    def __str__(self) -> str:
        return "열람 목적을 입력해 주십시오."


class IdentityNotChecked(Exception):
    """입회: a citizen's identity is checked again before the sound is unlocked."""

    def __str__(self) -> str:
        return "신청인의 신분증을 다시 확인하고 그 종류를 입력해 주십시오."


def open_session(
    application: Application,
    by: Account,
    login_session: LoginSession,
    purpose: str,
    code: str,
    *,
    identity_document: str = "",
) -> ListeningSession:
    """Open a session for all recordings of the application; an earlier one of this person ends.

    Called outside of `write()`: the used code stays used whatever comes after it. Raises
    `PlaybackRefused`, `PurposeMissing`, `IdentityNotChecked`, and `CodeRefused` for the code.
    """
    purpose, identity_document = purpose.strip(), identity_document.strip()
    gate.check_right(application, by, clock.now())
    if not purpose:
        raise PurposeMissing
    if gate.attends(application, by, clock.now()) and not identity_document:
        raise IdentityNotChecked
    consume_code(by, code)
    with write():
        lock(application)
        now = clock.now()
        receipt = gate.check_right(application, by, now)
        for earlier in open_sessions(application, by):
            end_session(earlier, by, "replaced")
        return _begin(application, by, login_session, receipt, now, purpose, identity_document)


def _begin(
    application: Application,
    by: Account,
    login_session: LoginSession,
    receipt: HandoverReceipt,
    now: datetime,
    purpose: str,
    identity_document: str,
) -> ListeningSession:
    attended = gate.attends(application, by, now)
    listening = ListeningSession(
        application=application,
        account=by,
        login_session_id=login_session.id,
        attended=attended,
        identity_document=identity_document if attended else "",
        purpose=purpose,
        origin=audit.origin.get(),
        opened_at=now,
        expires_at=_end_of_session(application, receipt, now),
        active_at=now,
    )
    writing().add(listening)
    writing().flush()
    audit.record(
        "playback.open",
        by=by,
        on=application,
        reason=purpose,
        listening=listening.public_id,
        attended=attended,
        person=application.applicant.public_id if application.applicant else None,
        recordings=sum(match.recording.is_alive for match in application.matches),
    )
    return listening


def _end_of_session(application: Application, receipt: HandoverReceipt, now: datetime) -> datetime:
    """Its own length, the window, or the first deletion (제8조①), whichever comes first."""
    own = now + timedelta(minutes=settings().inspection.session_minutes)
    living = [match.recording for match in application.matches if match.recording.is_alive]
    ends = [own, *(recording.deleted_at for recording in living)]
    return min([*ends, receipt.window_until] if receipt.window_until else ends)


def open_sessions(
    application: Application, account: Account | None = None
) -> list[ListeningSession]:
    """Sessions that nobody has ended yet, of one person or of everybody."""
    statement = select(ListeningSession).where(
        ListeningSession.application_id == application.id, ListeningSession.ended_at.is_(None)
    )
    if account is not None:
        statement = statement.where(ListeningSession.account_id == account.id)
    return list(writing().scalars(statement.order_by(ListeningSession.id)))


def end_session(listening: ListeningSession, by: Account | None, reason: str) -> bool:
    """End it inside the open `write()`; False where it had ended before. `by` None: the portal."""
    lock(listening)
    if listening.ended_at is not None:
        return False
    listening.ended_at = clock.now()
    listening.end_reason = reason
    audit.record(
        "playback.close",
        by=by,
        on=listening.application,
        listening=listening.public_id,
        end=reason,
        served=served.summary(listening),
    )
    return True
