"""The rows behind an address, and the gate before them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad as Load

from portal import clock
from portal.accounts.models import Account, LoginSession
from portal.applications.models import Application, ApplicationRecording
from portal.extensions import db
from portal.playback import gate
from portal.playback.models import ListeningSession
from portal.playback.refusal import PlaybackRefused
from portal.recordings.models import Recording


@dataclass(frozen=True)
class Visit:
    """Who asks, out of which login."""

    account: Account
    login: LoginSession


class NothingThere(Exception):
    """No such application, session or recording."""


def application(public_id: str) -> Application:
    """Raises `NothingThere`."""
    statement = select(Application).where(Application.public_id == public_id)
    if found := db.session.scalar(statement.options(_recordings())):
        return found
    raise NothingThere


def listening(public_id: str) -> ListeningSession:
    """A session with its application and that one's recordings. Raises `NothingThere`."""
    application = joinedload(ListeningSession.application)
    # A handful: one statement with them is cheaper than a second one, at every range of bytes.
    recordings = joinedload(Application.matches).joinedload(ApplicationRecording.recording)
    statement = (
        select(ListeningSession)
        .where(ListeningSession.public_id == public_id)
        .options(application.options(recordings), joinedload(ListeningSession.account))
    )
    if found := db.session.scalars(statement).unique().one_or_none():
        return found
    raise NothingThere


def passed(public_id: str, visit: Visit) -> ListeningSession:
    """A session that may go on. Raises `NothingThere`, `PlaybackRefused`."""
    found = listening(public_id)
    now = clock.now()
    gate.check(found.application, None, visit.account, visit.login, found, now)
    return found


def running(application: Application, visit: Visit) -> ListeningSession | None:
    """The session that this person opened for it in this login and that may still go on."""
    mine = select(ListeningSession).where(
        ListeningSession.application_id == application.id,
        ListeningSession.account_id == visit.account.id,
        ListeningSession.login_session_id == visit.login.id,
        ListeningSession.ended_at.is_(None),
    )
    found, now = db.session.scalar(mine.order_by(ListeningSession.id.desc())), clock.now()
    return found if found and gate.overdue_reason(found, now) is None else None


def passed_recording(
    public_id: str, recording_id: str, visit: Visit
) -> tuple[ListeningSession, Recording]:
    """A session and a recording that may be heard in it. Raises as `passed`."""
    found = passed(public_id, visit)
    matched = {match.recording.public_id: match.recording for match in found.application.matches}
    if recording_id not in matched:
        raise PlaybackRefused("not_matched")
    gate.check_recording(found.application, matched[recording_id])
    return found, matched[recording_id]


def _recordings() -> Load:
    return selectinload(Application.matches).joinedload(ApplicationRecording.recording)
