"""The one rule by which anything is heard (제7조③, 제8조④). No role opens it by itself.

Everything that unlocks, shows or serves sound asks here, each range of bytes again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from portal.accounts import sessions
from portal.accounts.models import Account, LoginSession
from portal.applications.conflict import conflict_of
from portal.applications.models import Application
from portal.applications.states import State
from portal.clock import seoul
from portal.extensions import db
from portal.handover.models import HandoverReceipt
from portal.playback.models import ListeningSession
from portal.playback.refusal import PlaybackRefused, refusal_of_end
from portal.recordings.models import Recording
from portal.restrictions.in_force import restriction_of
from portal.roles import Role
from portal.runtime import settings


def check(
    application: Application,
    recording: Recording | None,
    account: Account,
    login_session: LoginSession,
    listening_session: ListeningSession,
    now: datetime,
) -> None:
    """Raises `PlaybackRefused` unless this person may hear this recording in this session now.

    Without a recording: unless the session as a whole may go on.
    """
    if listening_session.account_id != account.id:
        raise PlaybackRefused("stranger")
    if listening_session.application_id != application.id:
        raise PlaybackRefused("stranger")
    if not sessions.is_alive(login_session, now) or login_session.account_id != account.id:
        raise PlaybackRefused("login_ended")
    check_session(listening_session, login_session, now)
    check_right(application, account, now)
    if recording is not None:
        check_recording(application, recording)


def check_right(application: Application, account: Account, now: datetime) -> HandoverReceipt:
    """The receipt by which this person may listen, or sit in, now. Raises `PlaybackRefused`."""
    attends(application, account, now)
    if restriction_of(account):  # 제9조: at once, in the middle of a playback too
        raise PlaybackRefused("restricted")
    if application.disclosure_type != "inspection":
        raise PlaybackRefused("not_inspection")
    if application.state in (State.CLOSED, State.EXPIRED):
        raise PlaybackRefused("application_closed")
    receipt = db.session.scalar(
        select(HandoverReceipt).where(HandoverReceipt.application_id == application.id)
    )
    handed_over = receipt is not None and receipt.handed_over_at is not None
    if receipt is None or not handed_over or application.state != State.HANDED_OVER:
        raise PlaybackRefused("not_handed_over")
    if receipt.window_until is None or now >= receipt.window_until:
        raise PlaybackRefused("window_over")
    if not any(match.recording.is_alive for match in application.matches):
        raise PlaybackRefused("deleted")
    return receipt


def attends(application: Application, account: Account, now: datetime) -> bool:
    """True for an officer who would sit in (입회), False for the applicant, who listens alone.

    Raises `PlaybackRefused` for everybody else, whatever their role.
    """
    if application.applicant_id is not None:
        if application.applicant_id != account.person_id:
            raise PlaybackRefused("stranger")
        attended = False
    else:
        _check_officer(application, account, now)
        attended = True
    if not account.is_active:
        raise PlaybackRefused("account_closed")
    return attended


def _check_officer(application: Application, account: Account, now: datetime) -> None:
    """Any counter officer of the office where it was entered, without a conflict."""
    posting = account.person.posting_on(seoul(now).date())
    office = posting.department_id if posting else None
    if Role.COUNTER not in account.roles or office is None or office != application.office_id:
        raise PlaybackRefused("stranger")
    if conflict := conflict_of(application, account):
        raise PlaybackRefused("conflict", f"{conflict.why} 입회할 수 없습니다.")


def check_session(listening: ListeningSession, login: LoginSession, now: datetime) -> None:
    """Raises `PlaybackRefused` unless the session is open, in this very login."""
    if listening.login_session_id != login.id:
        raise PlaybackRefused("other_login")
    if listening.ended_at is not None:
        raise refusal_of_end(listening.end_reason)
    if overdue := overdue_reason(listening, now):
        raise PlaybackRefused(overdue)


def overdue_reason(listening: ListeningSession, now: datetime) -> str | None:
    """Why a session that nobody ended is over all the same: its time, or idleness."""
    if now >= listening.expires_at:
        return "expired"
    if now >= listening.active_at + timedelta(minutes=settings().inspection.idle_minutes):
        return "idle"
    return None


def check_recording(application: Application, recording: Recording) -> None:
    """Raises `PlaybackRefused` unless it is matched and alive: the clock decides (제8조①)."""
    if recording.id not in {match.recording_id for match in application.matches}:
        raise PlaybackRefused("not_matched")
    if not recording.is_alive:
        raise PlaybackRefused("deleted")
