"""The one rule by which anything is heard (제7조③, 제8조④). No role opens it by itself.

Everything that unlocks, shows or serves sound asks here, each range of bytes again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

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
from portal.playback.standing import Sound, Standing
from portal.recordings.models import Recording
from portal.restrictions.in_force import restriction_of
from portal.roles import Role
from portal.runtime import settings


class Opened(Protocol):
    """A listening session: its row, or what `standing` read of it."""

    @property
    def account_id(self) -> int: ...
    @property
    def login_session_id(self) -> int: ...
    @property
    def expires_at(self) -> datetime: ...
    @property
    def active_at(self) -> datetime: ...
    @property
    def ended_at(self) -> datetime | None: ...
    @property
    def end_reason(self) -> str | None: ...


class Filed(Protocol):
    """An application as far as it decides who hears: its row, or what `standing` read of it."""

    @property
    def disclosure_type(self) -> str: ...
    @property
    def state(self) -> str: ...


class Window(Protocol):
    """From when and until when one may listen: the receipt, or what `standing` read of it."""

    @property
    def handed_over_at(self) -> datetime | None: ...
    @property
    def window_until(self) -> datetime | None: ...


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
    if listening_session.application_id != application.id:
        raise PlaybackRefused("stranger")
    _check_opened(listening_session, account, login_session, now)
    check_right(application, account, now)
    if recording is not None:
        check_recording(application, recording)


def check_range(
    standing: Standing, recording: str, account: Account, login: LoginSession, now: datetime
) -> Sound:
    """The same rule over what one statement read; the recording with this public id.

    Raises `PlaybackRefused`.
    """
    _check_opened(standing, account, login, now)
    if standing.applicant_id is None:  # 입회: who sits in is looked at more closely
        attends(db.session.get_one(Application, standing.application_id), account, now)
    else:
        _check_applicant(standing.applicant_id, account)
    restricted = standing.may_be_restricted and restriction_of(account) is not None
    lives = any(sound.is_alive for sound in standing.sounds)
    _check_window(standing, standing, restricted, lives, now)
    for sound in standing.sounds:
        if sound.public_id == recording:
            if not sound.is_alive:
                raise PlaybackRefused("deleted")
            return sound
    raise PlaybackRefused("not_matched")


def _check_opened(
    listening: Opened, account: Account, login_session: LoginSession, now: datetime
) -> None:
    if listening.account_id != account.id:
        raise PlaybackRefused("stranger")
    if not sessions.is_alive(login_session, now) or login_session.account_id != account.id:
        raise PlaybackRefused("login_ended")
    check_session(listening, login_session, now)


def check_right(application: Application, account: Account, now: datetime) -> HandoverReceipt:
    """The receipt by which this person may listen, or sit in, now. Raises `PlaybackRefused`."""
    attends(application, account, now)
    receipt = db.session.scalar(
        select(HandoverReceipt).where(HandoverReceipt.application_id == application.id)
    )
    lives = any(match.recording.is_alive for match in application.matches)
    _check_window(application, receipt, restriction_of(account) is not None, lives, now)
    if receipt is None:
        raise PlaybackRefused("not_handed_over")
    return receipt


def _check_window(
    application: Filed, receipt: Window | None, restricted: bool, lives: bool, now: datetime
) -> None:
    """`lives`: whether one of its recordings does."""
    if restricted:  # 제9조: at once, in the middle of a playback too
        raise PlaybackRefused("restricted")
    if application.disclosure_type != "inspection":
        raise PlaybackRefused("not_inspection")
    if application.state in (State.CLOSED, State.EXPIRED):
        raise PlaybackRefused("application_closed")
    handed_over = receipt is not None and receipt.handed_over_at is not None
    if receipt is None or not handed_over or application.state != State.HANDED_OVER:
        raise PlaybackRefused("not_handed_over")
    if receipt.window_until is None or now >= receipt.window_until:
        raise PlaybackRefused("window_over")
    if not lives:
        raise PlaybackRefused("deleted")


def attends(application: Application, account: Account, now: datetime) -> bool:
    """True for an officer who would sit in (입회), False for the applicant, who listens alone.

    Raises `PlaybackRefused` for everybody else, whatever their role.
    """
    if application.applicant_id is not None:
        _check_applicant(application.applicant_id, account)
        return False
    _check_officer(application, account, now)
    if not account.is_active:
        raise PlaybackRefused("account_closed")
    return True


def _check_applicant(applicant_id: int, account: Account) -> None:
    if applicant_id != account.person_id:
        raise PlaybackRefused("stranger")
    if not account.is_active:
        raise PlaybackRefused("account_closed")


def _check_officer(application: Application, account: Account, now: datetime) -> None:
    """Any counter officer of the office where it was entered, without a conflict."""
    posting = account.person.posting_on(seoul(now).date())
    office = posting.department_id if posting else None
    if Role.COUNTER not in account.roles or office is None or office != application.office_id:
        raise PlaybackRefused("stranger")
    if conflict := conflict_of(application, account):
        raise PlaybackRefused("conflict", f"{conflict.why} 입회할 수 없습니다.")


def check_session(listening: Opened, login: LoginSession, now: datetime) -> None:
    """Raises `PlaybackRefused` unless the session is open, in this very login."""
    if listening.login_session_id != login.id:
        raise PlaybackRefused("other_login")
    if listening.ended_at is not None:
        raise refusal_of_end(listening.end_reason)
    if overdue := overdue_reason(listening, now):
        raise PlaybackRefused(overdue)


def overdue_reason(listening: Opened, now: datetime) -> str | None:
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
