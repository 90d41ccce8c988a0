"""Recorded calls, their legs, and what could not be taken in."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.accounts.models import Account, Extension, Person
from portal.database import UtcDateTime
from portal.extensions import Model
from portal.ids import public_id

#: Few of very many: the indexes hold these alone, and serve queries that say just this.
WITHOUT_NOTICE = "prior_notice = 'none' AND destroyed_at IS NULL"
NOTICE_UNKNOWN = "prior_notice = 'unknown' AND destroyed_at IS NULL"


class Recording(Model):
    """녹취정보. The sound lies encrypted in the vault under (`delete_on`, `public_id`).

    From the midnight that begins `delete_on` nothing plays (제8조①); `destroyed_at` says when the
    rest was removed, and the numbers with it.
    """

    __tablename__ = "recording"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    source: Mapped[str] = mapped_column(String(50))
    source_id: Mapped[str] = mapped_column(String(200))
    called_at: Mapped[datetime] = mapped_column(UtcDateTime)
    caller_number: Mapped[str | None] = mapped_column(String(20))
    callee_number: Mapped[str | None] = mapped_column(String(20))
    #: The same digits backwards, so that "last four" is a search from the front of an index.
    caller_reversed: Mapped[str | None] = mapped_column(String(20))
    callee_reversed: Mapped[str | None] = mapped_column(String(20))
    direction: Mapped[str] = mapped_column(String(10))
    container: Mapped[str] = mapped_column(String(20))
    codec: Mapped[str] = mapped_column(String(20))
    channels: Mapped[int] = mapped_column()
    sample_rate: Mapped[int] = mapped_column()
    frames: Mapped[int] = mapped_column(BigInteger)
    duration_ms: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(50))
    plays_in_browser: Mapped[bool] = mapped_column()
    #: Who speaks on channel 1 and 2: "caller" or "callee"; empty where one channel has both.
    channel_owners: Mapped[str] = mapped_column(String(50), default="")
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    arrived_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    delete_on: Mapped[date] = mapped_column(Date)
    destroyed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: 제6조: announcement, spoken, none or unknown, and who says so since when.
    prior_notice: Mapped[str] = mapped_column(String(15), default="unknown")
    notice_source: Mapped[str | None] = mapped_column(String(100))
    notice_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    legs: Mapped[list[CallLeg]] = relationship(
        back_populates="recording", order_by="CallLeg.from_at"
    )

    __table_args__ = (
        UniqueConstraint("source", "source_id"),
        CheckConstraint(
            "direction in ('inbound','outbound','internal','unknown')", name="known_direction"
        ),
        CheckConstraint(
            "prior_notice in ('announcement','spoken','none','unknown')", name="known_notice"
        ),
        Index(None, "delete_on", "destroyed_at"),
        Index(None, "source", "arrived_at"),
        Index(None, "called_at"),
        Index(
            "ix_recording_without_notice",
            "called_at",
            "delete_on",
            "prior_notice",
            "destroyed_at",
            sqlite_where=text(WITHOUT_NOTICE),
            postgresql_where=text(WITHOUT_NOTICE),
        ),
        Index(
            "ix_recording_notice_unknown",
            "delete_on",
            sqlite_where=text(NOTICE_UNKNOWN),
            postgresql_where=text(NOTICE_UNKNOWN),
        ),
        Index(None, "caller_number", "called_at"),
        Index(None, "callee_number", "called_at"),
        Index(None, "caller_reversed", "called_at"),
        Index(None, "callee_reversed", "called_at"),
    )

    @property
    def deleted_at(self) -> datetime:
        """The moment from which the sound may not be heard any more (제8조①)."""
        return clock.midnight(self.delete_on)

    @hybrid_property
    def is_alive(self) -> bool:
        """Not past its day and not destroyed; the clock decides, not the cleaner."""
        return self.destroyed_at is None and self.delete_on > clock.today()

    @is_alive.inplace.expression
    @classmethod
    def _is_alive(cls) -> ColumnElement[bool]:
        return (cls.destroyed_at.is_(None)) & (cls.delete_on > clock.today())


class CallLeg(Model):
    """An extension that took part in a call, from a moment to another (transfers make several)."""

    __tablename__ = "call_leg"

    id: Mapped[int] = mapped_column(primary_key=True)
    recording_id: Mapped[int] = mapped_column(
        ForeignKey("recording.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[str] = mapped_column(String(20))
    #: Null where no such extension was known on arrival (내선 미확인).
    extension_id: Mapped[int | None] = mapped_column(ForeignKey("extension.id"))
    from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until_at: Mapped[datetime] = mapped_column(UtcDateTime)

    recording: Mapped[Recording] = relationship(back_populates="legs")

    __table_args__ = (Index(None, "extension_id", "from_at"), Index(None, "number"))


class CallClaim(Model):
    """A holder of a shared extension (공용) says that a call on it was theirs; somebody who did
    not share the line confirms or declines. Until then it is nobody's own call."""

    __tablename__ = "call_claim"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    recording_id: Mapped[int] = mapped_column(
        ForeignKey("recording.id", ondelete="CASCADE"), index=True
    )
    extension_id: Mapped[int] = mapped_column(ForeignKey("extension.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    claimed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    #: Null while it waits; then whether it was confirmed or declined, by whom and when.
    confirmed: Mapped[bool | None] = mapped_column()
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    recording: Mapped[Recording] = relationship()
    extension: Mapped[Extension] = relationship()
    person: Mapped[Person] = relationship()
    answered_by: Mapped[Account | None] = relationship()

    __table_args__ = (Index(None, "confirmed", "recording_id"),)


class QuarantineItem(Model):
    """Something that arrived and could not be taken in: kept encrypted until its day, with why."""

    __tablename__ = "quarantine_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    reason: Mapped[str] = mapped_column(String(40))
    message: Mapped[str] = mapped_column(String(500))
    #: Of the sound and sidecar bytes, keyed (a sidecar alone could be guessed from its hash): the
    #: same bad file is set aside once.
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    #: The sidecar's alone: what a crash between the removal of sound and sidecar leaves is known.
    sidecar_mac: Mapped[str | None] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    has_sound: Mapped[bool] = mapped_column()
    has_sidecar: Mapped[bool] = mapped_column()
    arrived_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    delete_on: Mapped[date] = mapped_column(Date, index=True)
    destroyed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
