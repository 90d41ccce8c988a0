"""What people are told: notices in the portal, the mails that go with them, calls to be made."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.accounts.models import Account
from portal.applications.models import Application
from portal.database import UtcDateTime
from portal.extensions import Model
from portal.ids import public_id


class Notice(Model):
    """One 알림 for one account; `kind` is a row of the table in `who.py`."""

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[str] = mapped_column(String(40))
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"), index=True)
    #: The number in the sentence where the kind has one: working days left.
    number: Mapped[int | None] = mapped_column()
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Set where something is told once only (reminders, alarms): the database refuses a second.
    once_key: Mapped[str | None] = mapped_column(String(150), unique=True)

    account: Mapped[Account] = relationship()
    application: Mapped[Application | None] = relationship()

    __table_args__ = (Index(None, "account_id", "read_at"),)


class Mail(Model):
    """The outbox: one mail for one notice, written with it and sent by the worker afterwards.

    The address is looked up when it is sent. A mail that is being sent carries `claimed_until`;
    whoever raises it by a conditional update sends it.
    """

    __tablename__ = "mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The Message-ID is made of it, so that a repetition is known as one.
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id", ondelete="CASCADE"), unique=True)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: What went wrong last: a type or an SMTP code, never a text that could name somebody.
    error: Mapped[str | None] = mapped_column(String(60))

    notice: Mapped[Notice] = relationship()

    __table_args__ = (
        CheckConstraint("state in ('waiting','sent','dropped')", name="known_state"),
        Index(None, "state", "next_at"),
    )


class CallTask(Model):
    """전화 안내: somebody without an account is to be told by telephone, and what came of it."""

    __tablename__ = "call_task"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    #: What is to be told, by the action that brought it (`call_tasks.WORDS`).
    kind: Mapped[str] = mapped_column(String(40))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    office_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    result: Mapped[str | None] = mapped_column(String(15))
    note: Mapped[str] = mapped_column(String(300), default="")

    application: Mapped[Application] = relationship()
    account: Mapped[Account] = relationship(foreign_keys=[account_id])
    done_by: Mapped[Account | None] = relationship(foreign_keys=[done_by_id])

    __table_args__ = (
        CheckConstraint("result in ('told','not_reached','overtaken')", name="known_result"),
        Index(None, "office_id", "done_at"),
    )
