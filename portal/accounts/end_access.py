"""Whatever changes about an account, what is open under its old state ends at once."""

from __future__ import annotations

from sqlalchemy import select

from portal.accounts import sessions
from portal.accounts.models import Account
from portal.database import writing
from portal.playback.models import ListeningSession
from portal.playback.open_session import end_session


def end_access(account: Account, reason: str) -> None:
    """End every login and every listening session of an account, inside the open `write()`."""
    sessions.end_all(account, reason)
    mine = ListeningSession.account_id == account.id
    listening = select(ListeningSession).where(mine, ListeningSession.ended_at.is_(None))
    for row in writing().scalars(listening).all():
        end_session(row, None, reason)
