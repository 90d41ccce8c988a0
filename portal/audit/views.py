"""Looking at personal data is an event: one per person, subject and ten minutes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert, update

from portal import clock

if TYPE_CHECKING:
    from portal.accounts.models import Account
from portal.audit.models import AuditView
from portal.audit.record import Subject, record
from portal.database import write
from portal.extensions import db

ONE_LOOK = timedelta(minutes=10)


def note_view(account: Account, on: Subject) -> None:
    """Log that this person looks at `on`, unless they did within the last ten minutes.

    Opens its own `write()`: called by pages, which otherwise change nothing.
    """
    now, key = clock.now(), (account.id, on.public_id)
    seen = db.session.get(AuditView, key)
    if seen and now - seen.at < ONE_LOOK:
        return
    with write() as session:
        again = (
            update(AuditView)
            .where(AuditView.account_id == key[0], AuditView.subject == key[1])
            .values(at=now)
            .execution_options(synchronize_session=False)
        )
        if session.execute(again).rowcount == 0:  # type: ignore[attr-defined]
            session.execute(insert(AuditView).values(account_id=key[0], subject=key[1], at=now))
        record("view", by=account, on=on)
