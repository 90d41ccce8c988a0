"""Form 3: the ledger, one row per disclosure, written with the receipt and never changed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.accounts.models import Account
from portal.applications.models import NOT_A_PARTY, Application
from portal.beginnings import BY_CHARACTER
from portal.database import UtcDateTime
from portal.encrypted import Encrypted
from portal.extensions import Model
from portal.ids import public_id


class LedgerRow(Model):
    """The boxes of 별지 제3호서식 as text, as they stood at the handover.

    The recording dies, the row stays: so it copies what it needs.
    """

    __tablename__ = "ledger_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), unique=True)
    year: Mapped[int] = mapped_column()
    serial: Mapped[int] = mapped_column()
    control_no: Mapped[str] = mapped_column(String(30))
    disclosure_type: Mapped[str] = mapped_column(String(10))
    #: 제7조① 제1호–제5호, as the application has it: which rows are provisions to third parties.
    ground: Mapped[int] = mapped_column(server_default="0")
    applicant_name: Mapped[str] = mapped_column(String(100))
    affiliation: Mapped[str] = mapped_column(Encrypted("ledger_row.affiliation"))
    #: 녹취일시 and 녹취 전화번호, a line per recording.
    called_at_text: Mapped[str] = mapped_column(Text)
    numbers_text: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(String(200))
    transferor_name: Mapped[str] = mapped_column(String(100))
    transferee_name: Mapped[str] = mapped_column(String(100))
    #: Who signed which 결재 column: "팀장 김○○" and "과장 박○○", a line per step.
    approvals_text: Mapped[str] = mapped_column(Text)
    remarks: Mapped[str] = mapped_column(String(300), default="")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    application: Mapped[Application] = relationship()

    @property
    def applicant_kind(self) -> str:
        return self.application.applicant_kind

    __table_args__ = (
        UniqueConstraint("year", "serial"),
        CheckConstraint("disclosure_type in ('inspection','provision')", name="known_type"),
        Index(None, "recorded_at"),
        Index(
            "ix_ledger_row_not_a_party",
            "year",
            "serial",
            "ground",
            sqlite_where=text(NOT_A_PARTY),
            postgresql_where=text(NOT_A_PARTY),
        ),
        Index(
            "ix_ledger_row_control_no_begins",
            "control_no",
            postgresql_ops={"control_no": BY_CHARACTER},
        ),
        Index(
            "ix_ledger_row_name_begins",
            "applicant_name",
            postgresql_ops={"applicant_name": BY_CHARACTER},
        ),
    )


class LedgerNumber(Model):
    """A telephone number of a row as digits, for the search; `numbers_text` is for paper."""

    __tablename__ = "ledger_number"

    ledger_row_id: Mapped[int] = mapped_column(ForeignKey("ledger_row.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(30), primary_key=True)
    #: Its last four digits; null where it has fewer.
    last: Mapped[str | None] = mapped_column(String(4), index=True)

    __table_args__ = (
        Index("ix_ledger_number_begins", "number", postgresql_ops={"number": BY_CHARACTER}),
    )


class Publication(Model):
    """That a provision to a third party was made public, and where (「개인정보 보호법」 제18조④).

    A correction is a further row: the latest one counts.
    """

    __tablename__ = "publication"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    ledger_row_id: Mapped[int] = mapped_column(ForeignKey("ledger_row.id"), index=True)
    published_on: Mapped[date] = mapped_column(Date)
    place: Mapped[str] = mapped_column(String(200))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    ledger_row: Mapped[LedgerRow] = relationship()
    recorded_by: Mapped[Account] = relationship()
