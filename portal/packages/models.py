"""제공: packages that were offered, built and taken away (제7조, 제8조②)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.accounts.models import Account
from portal.applications.models import Application
from portal.database import UtcDateTime
from portal.extensions import Model
from portal.ids import public_id
from portal.jobs.models import Job


class Package(Model):
    """One package of one application; handing out again makes another one, with its own password.

    offered → (the recipient sees the password) building → ready → used, or void on the way. Its
    bytes lie in the vault under (`delete_on`, `blob`): the earliest deletion day among its
    recordings, whose key ends it (제8조①).
    """

    __tablename__ = "package"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    number: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(String(10), default="offered")
    #: Who hands over; for somebody without an account they also carry it onto the medium.
    offered_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    offered_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    #: Why it is handed out again; empty for the first.
    reason: Mapped[str] = mapped_column(String(200), default="")
    #: How the recipient got the password; `ask.TOLD`.
    told_how: Mapped[str] = mapped_column(String(15), default="", server_default="")
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    delete_on: Mapped[date | None] = mapped_column(Date)
    #: While it is being built: the password, sealed to the day's key, a blob beside the package.
    envelope: Mapped[str | None] = mapped_column(String(32))
    #: The built package; each attempt to build has a name of its own.
    blob: Mapped[str | None] = mapped_column(String(32))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    size: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(String(64))
    built_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    first_byte_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: used, replaced, deleted, interrupted, failed or closed.
    end_reason: Mapped[str | None] = mapped_column(String(20))

    application: Mapped[Application] = relationship()
    offered_by: Mapped[Account] = relationship()
    job: Mapped[Job | None] = relationship()
    downloads: Mapped[list[PackageDownload]] = relationship(
        back_populates="package", order_by="PackageDownload.id"
    )

    __table_args__ = (
        UniqueConstraint("application_id", "number"),
        CheckConstraint(
            "state in ('offered','building','ready','used','void')", name="known_state"
        ),
        Index(None, "state", "delete_on"),
    )

    def resumable_until(self, minutes: int) -> datetime | None:
        """Until when a download that has begun may be taken up again; None before its start."""
        return self.first_byte_at + timedelta(minutes=minutes) if self.first_byte_at else None


class PackageDownload(Model):
    """Opened by one fresh code and a reason; the medium, for people without an account."""

    __tablename__ = "package_download"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    login_session_id: Mapped[int] = mapped_column(ForeignKey("login_session.id"))
    reason: Mapped[str] = mapped_column(String(200))
    medium: Mapped[str] = mapped_column(String(40), default="")
    medium_serial: Mapped[str] = mapped_column(String(100), default="")
    #: The officer's word that no copy stays on the PC.
    no_copy_stays: Mapped[bool] = mapped_column(default=False)
    origin: Mapped[str] = mapped_column(String(64))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Bytes from the start up to which something was sent.
    sent: Mapped[int] = mapped_column(BigInteger, default=0)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    package: Mapped[Package] = relationship(back_populates="downloads")
    account: Mapped[Account] = relationship()
