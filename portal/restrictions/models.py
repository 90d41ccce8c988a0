"""사용 제한: drafted, decided, served, lifted. Whether it is in force, the clock says."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, ColumnElement, Date, ForeignKey, Index, String, and_, or_
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.accounts.models import Account, Person
from portal.database import UtcDateTime
from portal.documents.models import IssuedDocument
from portal.encrypted import Encrypted
from portal.extensions import Model
from portal.ids import public_id
from portal.moments import ago


class UseRestriction(Model):
    """One restriction of one person (제9조), from its draft to its end.

    In force from the day in the notice on, not before the notice was served, through `last_on` or
    until it is lifted.
    """

    __tablename__ = "use_restriction"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    #: Drawn with the draft, printed on the notice.
    number: Mapped[str] = mapped_column(String(60), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: 제9조 제1호–제4호.
    ground: Mapped[int] = mapped_column()
    facts: Mapped[str] = mapped_column(Encrypted("use_restriction.facts"))
    #: The call without prior notice from which it was drafted (제2호): its public id alone, since
    #: the recording dies on its day.
    call_id: Mapped[str | None] = mapped_column(String(32), index=True)
    portal_use: Mapped[bool] = mapped_column()
    phone_recording: Mapped[bool] = mapped_column()
    from_on: Mapped[date] = mapped_column(Date)
    #: The last day, itself included; null while it is open.
    last_on: Mapped[date | None] = mapped_column(Date)
    #: drafted → approved, refused or withdrawn.
    state: Mapped[str] = mapped_column(String(10), default="drafted")
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: As whom: the head's own title, or 대결.
    capacity: Mapped[str] = mapped_column(String(60), default="")
    opinion: Mapped[str | None] = mapped_column(Encrypted("use_restriction.opinion"))
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("issued_document.id"))
    served_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    served_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: in_person, registered_mail or official_document.
    served_how: Mapped[str | None] = mapped_column(String(20))
    #: Number of the letter, or how the person refused to sign.
    served_note: Mapped[str | None] = mapped_column(Encrypted("use_restriction.served_note"))
    #: The blob of the signature (PNG); null where refused or not served in person.
    signature: Mapped[str | None] = mapped_column(String(32))
    refused_to_sign: Mapped[bool] = mapped_column(default=False)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    lift_reason: Mapped[str | None] = mapped_column(Encrypted("use_restriction.lift_reason"))
    lift_notice_id: Mapped[int | None] = mapped_column(ForeignKey("issued_document.id"))

    person: Mapped[Person] = relationship()
    drafted_by: Mapped[Account] = relationship(foreign_keys=[drafted_by_id])
    decided_by: Mapped[Account | None] = relationship(foreign_keys=[decided_by_id])
    served_by: Mapped[Account | None] = relationship(foreign_keys=[served_by_id])
    lifted_by: Mapped[Account | None] = relationship(foreign_keys=[lifted_by_id])
    notice: Mapped[IssuedDocument | None] = relationship(foreign_keys=[notice_id])
    lift_notice: Mapped[IssuedDocument | None] = relationship(foreign_keys=[lift_notice_id])

    __table_args__ = (
        CheckConstraint("ground between 1 and 4", name="known_ground"),
        CheckConstraint(
            "state in ('drafted','approved','refused','withdrawn')", name="known_state"
        ),
        CheckConstraint("portal_use or phone_recording", name="restricts_something"),
        CheckConstraint("last_on is null or last_on >= from_on", name="ends_after_it_begins"),
        CheckConstraint(
            "served_how in ('in_person','registered_mail','official_document')", name="known_way"
        ),
        Index(None, "person_id", "state"),
    )

    @property
    def begins_at(self) -> datetime | None:
        """The day in the notice, or the service where that came later; None while not served."""
        return max(clock.midnight(self.from_on), self.served_at) if self.served_at else None

    @property
    def ends_at(self) -> datetime | None:
        """The midnight that ends the last day, or the lifting; None while it is open."""
        last = clock.midnight(self.last_on + timedelta(days=1)) if self.last_on else None
        ends = [end for end in (last, self.lifted_at) if end]
        return min(ends, default=None)

    @hybrid_property
    def is_in_force(self) -> bool:
        """Approved, served, begun and not over, now; no job needs to have run."""
        now = clock.now()
        begun = self.begins_at is not None and self.begins_at <= now
        return self.state == "approved" and begun and (self.ends_at is None or now < self.ends_at)

    @is_in_force.inplace.expression
    @classmethod
    def _is_in_force(cls) -> ColumnElement[bool]:
        now, today = ago(), clock.today()
        return and_(
            cls.state == "approved",
            cls.served_at <= now,
            cls.from_on <= today,
            or_(cls.last_on.is_(None), cls.last_on >= today),
            or_(cls.lifted_at.is_(None), cls.lifted_at > now),
        )
