"""An open listening session, to see it end."""

from __future__ import annotations

from datetime import timedelta

from portal import clock
from portal.accounts.models import LoginSession
from portal.applications.models import Application
from portal.database import write
from portal.playback.models import ListeningSession


def listening_session(login: LoginSession) -> ListeningSession:
    """One that was just opened from this login."""
    now = clock.now()
    with write() as session:
        application = Application(
            ground=2, applicant_kind="employee", entered_by_id=login.account_id
        )
        row = ListeningSession(
            application=application,
            account_id=login.account_id,
            login_session_id=login.id,
            purpose="확인",
            origin="test",
            opened_at=now,
            expires_at=now + timedelta(hours=1),
            active_at=now,
        )
        session.add(row)
    return row
