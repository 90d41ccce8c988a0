"""The rows behind an address, and the gate before them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad as Load

from portal import clock
from portal.accounts.models import Account, LoginSession
from portal.applications.models import Application, ApplicationRecording
from portal.applications.states import State
from portal.extensions import db
from portal.playback import gate
from portal.playback.models import ListeningSession
from portal.playback.standing import Sound, standing_of


@dataclass(frozen=True)
class Visit:
    """Who asks, out of which login."""

    account: Account
    login: LoginSession


class NothingThere(Exception):
    """No such application, session or recording."""


def application(public_id: str) -> Application:
    """Raises `NothingThere`, also for a draft: nobody but who writes it knows that there is one."""
    statement = select(Application).where(
        Application.public_id == public_id, Application.state != State.DRAFT
    )
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


def passed_recording(public_id: str, recording_id: str, visit: Visit) -> tuple[int, Sound]:
    """The id of a session and a recording that may be heard in it now. Raises as `passed`."""
    standing = standing_of(public_id, visit.account.person_id)
    if standing is None:
        raise NothingThere
    sound = gate.check_range(standing, recording_id, visit.account, visit.login, clock.now())
    return standing.id, sound


def _recordings() -> Load:
    return selectinload(Application.matches).joinedload(ApplicationRecording.recording)
