"""A person's own notices: the list, and reading them."""

from __future__ import annotations

from sqlalchemy import Select, select, update
from sqlalchemy.orm import joinedload

from portal import clock
from portal.accounts.models import Account
from portal.database import writing
from portal.extensions import db
from portal.notices.models import Notice


def notices_of(account: Account, *, unread_only: bool = False) -> Select[Notice]:
    """The account's notices, newest first, with what a list shows of each."""
    chosen = select(Notice).where(Notice.account_id == account.id)
    if unread_only:
        chosen = chosen.where(Notice.read_at.is_(None))
    return chosen.options(joinedload(Notice.application)).order_by(Notice.id.desc())


def find(public_id: str, account: Account) -> Notice | None:
    """One of the account's own notices."""
    return db.session.scalar(
        select(Notice).where(Notice.public_id == public_id, Notice.account_id == account.id)
    )


def mark_read(notice: Notice) -> None:
    """Inside `write()`; when it was first read stays."""
    if notice.read_at is None:
        notice.read_at = clock.now()


def mark_all_read(account: Account) -> None:
    """Inside `write()`."""
    writing().execute(
        update(Notice)
        .where(Notice.account_id == account.id, Notice.read_at.is_(None))
        .values(read_at=clock.now())
        .execution_options(synchronize_session=False)
    )
