"""The end of a 열람: by the person who listened, or by the portal when time has decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, exists, or_, select

from portal import clock
from portal.accounts import sessions
from portal.accounts.models import Account, LoginSession
from portal.applications.models import Application, ApplicationRecording
from portal.applications.move import move
from portal.applications.states import Action, State
from portal.database import lock, write
from portal.extensions import db
from portal.handover.models import HandoverReceipt
from portal.playback import gate
from portal.playback.models import ListeningSession
from portal.playback.open_session import end_session, open_sessions
from portal.playback.refusal import PlaybackRefused
from portal.recordings.models import Recording
from portal.runtime import settings
from portal.words import worded


@dataclass(frozen=True)
class Closed:
    """How many sessions and applications the portal ended by itself."""

    sessions: int
    applications: int


def finish(application: Application, by: Account) -> None:
    """열람종료 for good, inside the open `write()`: by whoever may listen to it.

    Raises `PlaybackRefused` for anybody else, `WrongState` where it is over already.
    """
    lock(application)
    attended = gate.attends(application, by, clock.now())
    if application.disclosure_type != "inspection":
        raise PlaybackRefused("not_inspection")  # 제공 ends with 파기확인 (제10조)
    _close(application, by, "입회 공무원" if attended else "신청인", "", "ended")


def close_finished() -> Closed:
    """End sessions whose time is over and applications that nobody may listen to any more.

    For the worker; opens a short `write()` for each.
    """
    ended = sum(_end_overdue(listening_id) for listening_id in _overdue(clock.now()))
    closed = sum(_close_if_over(application_id) for application_id in _over(clock.now()))
    return Closed(ended, closed)


def _close(
    application: Application, by: Account | None, capacity: str, opinion: str, end_reason: str
) -> None:
    move(application, Action.CLOSE, by=by, capacity=capacity, opinion=opinion)
    application.closed_at = clock.now()
    for listening in open_sessions(application):
        end_session(listening, by, end_reason)


def _overdue(now: datetime) -> list[int]:
    idle_since = now - timedelta(minutes=settings().inspection.idle_minutes)
    return _ids(
        select(ListeningSession.id)
        .join(LoginSession, LoginSession.id == ListeningSession.login_session_id)
        .where(
            ListeningSession.ended_at.is_(None),
            or_(
                ListeningSession.expires_at <= now,
                ListeningSession.active_at <= idle_since,
                LoginSession.ended_at.is_not(None),
            ),
        )
    )


def _end_overdue(listening_id: int) -> bool:
    with write() as session:
        listening = session.get_one(ListeningSession, listening_id)
        lock(listening)
        now = clock.now()
        login = session.get_one(LoginSession, listening.login_session_id)
        reason = gate.overdue_reason(listening, now)
        if reason is None and not sessions.is_alive(login, now):
            reason = "login_ended"
        return reason is not None and end_session(listening, None, reason)


def _over(now: datetime) -> list[int]:
    """열람 that was handed over and whose window ended or whose recordings all died."""
    living = exists().where(
        ApplicationRecording.application_id == Application.id,
        ApplicationRecording.recording_id == Recording.id,
        Recording.is_alive,
    )
    return _ids(
        select(Application.id)
        .join(HandoverReceipt, HandoverReceipt.application_id == Application.id)
        .where(
            Application.state == State.HANDED_OVER,
            Application.disclosure_type == "inspection",
            or_(HandoverReceipt.window_until <= now, ~living),
        )
    )


def _close_if_over(application_id: int) -> bool:
    with write() as session:
        application = session.get_one(Application, application_id)
        lock(application)
        if application_id not in _over(clock.now()):
            return False  # somebody else was faster
        deleted = not any(match.recording.is_alive for match in application.matches)
        opinion = (
            worded("보관기간이 지나 {information:이/가} 삭제됨") if deleted else "열람 기간이 끝남"
        )
        _close(application, None, "", opinion, "deleted" if deleted else "window_over")
        return True


def _ids(statement: Select[int]) -> list[int]:
    return list(db.session.scalars(statement))
