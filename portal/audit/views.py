"""Looking at personal data is an event: one per person, subject and ten minutes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal import clock

if TYPE_CHECKING:
    from portal.accounts.models import Account
from portal.audit.models import AuditView
from portal.audit.record import Subject, note, seal
from portal.database import write_apart
from portal.extensions import db

ONE_LOOK = timedelta(minutes=10)


def note_view(account: Account, on: Subject) -> bool:
    """Log that this person looks at `on`, unless they did within the last ten minutes.

    Opens a `write_apart()`: called by pages, which otherwise change nothing. True where it did.
    """
    now, key = clock.now(), (account.id, on.public_id)
    seen = db.session.get(AuditView, key)
    if seen and now - seen.at < ONE_LOOK:
        return False
    with write_apart() as session:
        if _renewed(session, key, now) or _added(session, key, now):
            note(session, "view", by=account, on=on)
            seal(session)
    return True


def _renewed(session: Session, key: tuple[int, str], now: datetime) -> bool:
    """Whether this look is the one that renews an old one (of several at once, one is)."""
    again = (
        update(AuditView)
        .where(
            AuditView.account_id == key[0],
            AuditView.subject == key[1],
            AuditView.at <= now - ONE_LOOK,
        )
        .values(at=now)
        .execution_options(synchronize_session=False)
    )
    return bool(session.execute(again).rowcount)  # type: ignore[attr-defined]


def _added(session: Session, key: tuple[int, str], now: datetime) -> bool:
    """Whether this look is the first one; a page with five pictures sends five at once."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    first = dialect.insert(AuditView).values(account_id=key[0], subject=key[1], at=now)
    added = first.on_conflict_do_nothing().returning(AuditView.account_id)
    return session.execute(added).first() is not None
