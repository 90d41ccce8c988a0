"""Papers that were issued: the bytes are kept (encrypted) and a reprint serves them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.accounts.models import Account
from portal.database import UtcDateTime
from portal.extensions import Model
from portal.ids import public_id


class IssuedDocument(Model):
    """One issue of one paper. The bytes lie in the records vault under `public_id`."""

    __tablename__ = "issued_document"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    kind: Mapped[str] = mapped_column(String(20))
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"), index=True)
    verification_no: Mapped[str] = mapped_column(String(40), unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    why: Mapped[str] = mapped_column(String(200), default="")
    #: What a paper without application is about: a month of the log, an act of destruction, a
    #: restriction (public id).
    about: Mapped[str] = mapped_column(String(64), default="", server_default="", index=True)

    issued_by: Mapped[Account] = relationship()
