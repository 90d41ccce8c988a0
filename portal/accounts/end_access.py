"""Whatever changes about an account, what is open under its old state ends at once."""

from __future__ import annotations

from sqlalchemy import update

from portal import clock
from portal.accounts import sessions
from portal.accounts.models import Account
from portal.database import writing
from portal.playback.models import ListeningSession


def end_access(account: Account, reason: str) -> None:
    """End every login and every listening session of an account, inside the open `write()`."""
    sessions.end_all(account, reason)
    writing().execute(
        update(ListeningSession)
        .where(ListeningSession.account_id == account.id, ListeningSession.ended_at.is_(None))
        .values(ended_at=clock.now(), end_reason=reason)
        .execution_options(synchronize_session=False)
    )
