"""What stays of destroyed recordings."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal import clock
from portal.database import UtcDateTime
from portal.extensions import Model
from portal.ids import public_id


class Tombstone(Model):
    """One act of destruction (제8조①): how many, which hashes, when, by what.

    A day usually has one; a late arrival destroyed at the door adds another.
    """

    __tablename__ = "tombstone"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    delete_on: Mapped[date] = mapped_column(Date, index=True)
    destroyed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    by: Mapped[str] = mapped_column(String(64))
    cause: Mapped[str] = mapped_column(String(20), default="retention")
    recordings: Mapped[int] = mapped_column()
    quarantined: Mapped[int] = mapped_column(default=0)
    #: The SHA-256 values of the destroyed originals, 32 bytes each, sorted.
    hashes: Mapped[bytes] = mapped_column(LargeBinary)
