"""Form 2: the receipt, its signatures, and the window in which one may listen."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.accounts.models import Account
from portal.applications.models import Application
from portal.database import UtcDateTime
from portal.documents.models import IssuedDocument
from portal.encrypted import Encrypted
from portal.extensions import Model
from portal.ids import public_id


class HandoverReceipt(Model):
    """인계·인수증. Both sides sign the stored unsigned document, whose hash the issued one carries.

    `handed_over_at` is null until both signatures are there; only then may anybody listen (제7조③).
    """

    __tablename__ = "handover_receipt"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), unique=True)
    received_on: Mapped[date] = mapped_column(Date)
    transferor_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    transferor_department: Mapped[str] = mapped_column(String(100))
    transferor_rank: Mapped[str] = mapped_column(String(50))
    transferor_name: Mapped[str] = mapped_column(String(100))
    transferee_name: Mapped[str] = mapped_column(String(100))
    transferee_address: Mapped[str] = mapped_column(
        Encrypted("handover_receipt.transferee_address")
    )
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    #: The unsigned document: a blob of the records vault and its SHA-256.
    unsigned_blob: Mapped[str] = mapped_column(String(32))
    unsigned_sha256: Mapped[str] = mapped_column(String(64))
    #: Blobs of the signatures (PNG), each given for the document with this hash.
    transferor_signature: Mapped[str | None] = mapped_column(String(32))
    transferor_signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    transferee_signature: Mapped[str | None] = mapped_column(String(32))
    transferee_signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Identity checked again at the handover: kind of document, by whom.
    identity_document: Mapped[str] = mapped_column(String(40), default="")
    #: Answered by 회신 공문 instead of in person (제7조①제3호–제5호): nobody signs as 인수자 then.
    reply_doc_no: Mapped[str] = mapped_column(String(100), default="", server_default="")
    reply_doc_on: Mapped[date | None] = mapped_column(Date)
    #: 등기번호, 13 digits.
    mail_no: Mapped[str] = mapped_column(String(20), default="", server_default="")
    handed_over_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: End of the window for listening (열람); never past the first deletion.
    window_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    issued_id: Mapped[int | None] = mapped_column(ForeignKey("issued_document.id"))

    @property
    def is_reply(self) -> bool:
        """Sent with a 회신 공문, not collected."""
        return bool(self.reply_doc_no)

    application: Mapped[Application] = relationship()
    transferor: Mapped[Account] = relationship()
    issued: Mapped[IssuedDocument | None] = relationship()

    __table_args__ = (
        # What somebody handed over, the newest first.
        Index("ix_handover_receipt_handed_over", "transferor_id", "handed_over_at", "id"),
    )
