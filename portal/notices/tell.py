"""A notice is written, and with it its mail where mail is set, inside the change it tells of."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.accounts.models import Account
from portal.applications.models import Application
from portal.database import writing
from portal.notices.kinds import Kind
from portal.notices.models import Mail, Notice
from portal.runtime import settings


def tell(
    account: Account,
    kind: Kind,
    *,
    application: Application | None = None,
    number: int | None = None,
    once: str | None = None,
) -> bool:
    """Tell an account something, inside `write()`; whether it is news.

    What carries `once` is told a single time, whoever tries it how often.
    """
    notice = Notice(
        account_id=account.id,
        kind=kind,
        application_id=application.id if application else None,
        number=number,
        at=clock.now(),
        once_key=once,
    )
    session = writing()
    if once is None:
        session.add(notice)
    elif session.scalar(select(Notice.id).where(Notice.once_key == once)) is not None:
        return False
    else:
        try:
            with session.begin_nested():
                session.add(notice)
        except IntegrityError:
            return False  # another worker told it at the same moment
    if settings().mail.host and account.email:
        session.flush()
        session.add(Mail(notice_id=notice.id, next_at=clock.now()))
    return True
