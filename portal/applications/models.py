"""Form 1 and what happens to it: the application, its recordings, files, steps and history."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    func,
    text,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from portal import clock
from portal.accounts.models import Account, Department, Person
from portal.applications.states import State
from portal.beginnings import BY_CHARACTER
from portal.database import UtcDateTime
from portal.encrypted import Encrypted
from portal.extensions import Model
from portal.ids import public_id
from portal.recordings.models import Recording
from portal.runtime import settings

#: Most ask as a party to the call (제7조①2). An index holds the others, for queries that say this.
NOT_A_PARTY = "ground <> 2"
#: What approvers do (`approvals.decide.DECISIONS`), as the indexes say it that hold only these.
A_DECISION = "action IN ('review', 'approve', 'return', 'refuse')"


class Application(Model):
    """One 신청: one 구분, one ground, one or more recordings."""

    __tablename__ = "application"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    control_no: Mapped[str | None] = mapped_column(String(30), unique=True)
    state: Mapped[str] = mapped_column(String(20), default=State.DRAFT)
    disclosure_type: Mapped[str] = mapped_column(String(10), default="inspection")
    #: 제7조① 제1호–제5호.
    ground: Mapped[int] = mapped_column()
    applicant_kind: Mapped[str] = mapped_column(String(25))
    #: The employee who applies for themselves; null for everybody else.
    applicant_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: The employee for whom an officer filed it, since they cannot (제9조): they hear at a counter
    #: and receive by hand like everybody without an account. `applicant_id` is null then.
    filed_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    #: The office at whose counter it was entered: its officers sit in (입회).
    office_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))

    applicant_name: Mapped[str] = mapped_column(String(100), default="")
    birth_or_business_no: Mapped[str | None] = mapped_column(
        Encrypted("application.birth_or_business_no")
    )
    address: Mapped[str | None] = mapped_column(Encrypted("application.address"))
    contact: Mapped[str | None] = mapped_column(Encrypted("application.contact"))
    #: 대리인, 법정대리인, or the person who receives for an organisation; they sign and collect.
    representative_name: Mapped[str | None] = mapped_column(
        Encrypted("application.representative_name")
    )
    representative_birth: Mapped[str | None] = mapped_column(
        Encrypted("application.representative_birth")
    )
    corporate_no: Mapped[str | None] = mapped_column(Encrypted("application.corporate_no"))
    relation_to_subject: Mapped[str] = mapped_column(String(100), default="")
    purpose: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(Text, default="")

    #: Grounds 3–5: the 공문 and who signed for it; the agency is the applicant.
    official_doc_no: Mapped[str] = mapped_column(String(100), default="")
    official_doc_on: Mapped[date | None] = mapped_column(Date)
    legal_basis: Mapped[str] = mapped_column(String(200), default="")
    official_department: Mapped[str] = mapped_column(String(100), default="")
    official_rank: Mapped[str] = mapped_column(String(50), default="")
    official_name: Mapped[str | None] = mapped_column(Encrypted("application.official_name"))
    official_contact: Mapped[str | None] = mapped_column(Encrypted("application.official_contact"))

    #: Digits, or null for 모름; then the department that was called.
    caller_number: Mapped[str | None] = mapped_column(String(20))
    callee_number: Mapped[str | None] = mapped_column(String(20))
    #: The last four digits of the two numbers and of the 관리번호, by which people search; kept
    #: with them (`_keep_last`).
    caller_last: Mapped[str | None] = mapped_column(String(4), index=True)
    callee_last: Mapped[str | None] = mapped_column(String(4), index=True)
    control_last: Mapped[str | None] = mapped_column(String(4), index=True)
    called_department: Mapped[str] = mapped_column(String(100), default="")
    asked_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The call an employee applied from; matched on receipt, not before.
    asked_recording_id: Mapped[int | None] = mapped_column(ForeignKey("recording.id"))

    #: How it was recorded that the applicant is a party, and how the identity was checked.
    party_check: Mapped[str] = mapped_column(String(40), default="")
    party_check_note: Mapped[str] = mapped_column(String(300), default="")
    identity_document: Mapped[str] = mapped_column(String(40), default="")
    identity_checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    identity_checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    #: The settings that bind this application (approval line, titles, periods), as they were.
    settings_snapshot: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    #: When the draft was last typed into; old ones are removed.
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_on: Mapped[date | None] = mapped_column(Date)
    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: By when the applicant is to answer a 보완요구; null where none is open.
    supplement_due_on: Mapped[date | None] = mapped_column(Date)
    #: The last search for its calls; without one nobody can say that there is none.
    searched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Set while it lies with the approvers; cleared by a return.
    forwarded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Who hands over: a counter officer named in the approval, or any custodian where null.
    transferor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    applicant: Mapped[Person | None] = relationship(foreign_keys=[applicant_id])
    filed_for: Mapped[Person | None] = relationship(foreign_keys=[filed_for_id])
    entered_by: Mapped[Account] = relationship(foreign_keys=[entered_by_id])
    received_by: Mapped[Account | None] = relationship(foreign_keys=[received_by_id])
    identity_checked_by: Mapped[Account | None] = relationship(
        foreign_keys=[identity_checked_by_id]
    )
    transferor: Mapped[Account | None] = relationship(foreign_keys=[transferor_id])
    office: Mapped[Department | None] = relationship()
    asked_recording: Mapped[Recording | None] = relationship()
    matches: Mapped[list[ApplicationRecording]] = relationship(
        back_populates="application", order_by="ApplicationRecording.position"
    )
    candidates: Mapped[list[CallCandidate]] = relationship(
        back_populates="application", order_by="CallCandidate.proposed_at"
    )
    steps: Mapped[list[ApprovalStep]] = relationship(
        back_populates="application", order_by="ApprovalStep.position"
    )
    transitions: Mapped[list[Transition]] = relationship(
        back_populates="application", order_by="Transition.id"
    )
    files: Mapped[list[ApplicationFile]] = relationship(
        back_populates="application", order_by="ApplicationFile.id"
    )

    __table_args__ = (
        CheckConstraint("disclosure_type in ('inspection','provision')", name="known_type"),
        CheckConstraint("ground between 1 and 5", name="known_ground"),
        CheckConstraint(
            "applicant_kind in "
            "('employee','citizen','organisation','proxy','legal_representative')",
            name="known_applicant_kind",
        ),
        Index(None, "state", "due_on"),
        Index(
            "ix_application_name_begins",
            "applicant_name",
            postgresql_ops={"applicant_name": BY_CHARACTER},
        ),
        Index(
            "ix_application_filed_for",
            "filed_for_id",
            sqlite_where=text("filed_for_id IS NOT NULL"),
            postgresql_where=text("filed_for_id IS NOT NULL"),
        ),
        # For each recording that goes, the database looks for what names it.
        Index(
            "ix_application_asked_recording",
            "asked_recording_id",
            sqlite_where=text("asked_recording_id IS NOT NULL"),
            postgresql_where=text("asked_recording_id IS NOT NULL"),
        ),
        Index(
            "ix_application_not_a_party",
            "ground",
            sqlite_where=text(NOT_A_PARTY),
            postgresql_where=text(NOT_A_PARTY),
        ),
        Index(None, "caller_number"),
        Index(None, "callee_number"),
        Index(None, "office_id", "applicant_id", "state", "entered_by_id"),
        Index(None, "submitted_at"),
        Index(None, "state", "saved_at"),
        # What is at an end is listed by its number: deep pages skip there, not over whole rows.
        Index(None, "id", "state"),
    )

    @validates("caller_number", "callee_number", "control_no")
    def _keep_last(self, column: str, value: str | None) -> str | None:
        last = value[-4:] if value and len(value) >= 4 else None
        setattr(self, f"{column.partition('_')[0]}_last", last)
        return value

    @hybrid_property
    def is_official(self) -> bool:
        """Asked for by 공문 (제7조①제3호–제5호): no Form 1, and the agency is the applicant."""
        return self.ground >= 3

    @hybrid_property
    def party_id(self) -> int | None:
        """The employee who is the applicant, whoever filed it; None for everybody else."""
        return self.applicant_id or self.filed_for_id

    @party_id.inplace.expression
    @classmethod
    def _party_id(cls) -> ColumnElement[int | None]:
        return func.coalesce(cls.applicant_id, cls.filed_for_id)

    @property
    def basis(self) -> str:
        """이용·제공 근거(공문번호), as the ledger has it."""
        number = f" ({self.official_doc_no})" if self.official_doc_no else ""
        return f"{settings().articles.ground(self.ground)}{number}"

    @property
    def recipient_name(self) -> str:
        """인수자: who signs Form 2 and takes what is handed over, with the 기관·단체명."""
        person = self.official_name or self.representative_name
        if not person:
            return self.applicant_name
        return f"{person} ({self.applicant_name}{'의 대리인' if self.is_represented else ''})"

    @property
    def is_represented(self) -> bool:
        """A 대리인 or 법정대리인 stands at the counter for the applicant."""
        return self.applicant_kind in ("proxy", "legal_representative")

    @property
    def name_on_form1(self) -> str:
        """신청인, with who signs in their stead."""
        if not self.is_represented or not self.representative_name:
            return self.applicant_name
        return f"{self.applicant_name} (대리인 {self.representative_name})"

    @property
    def is_with_approvers(self) -> bool:
        """결재 중: forwarded, and neither returned, recalled nor at an end."""
        return self.forwarded_at is not None and self.state in (State.RECEIVED, State.REVIEWED)

    @property
    def current_step(self) -> ApprovalStep | None:
        """The approval step that is due; None before forwarding and after the decision."""
        if not self.is_with_approvers:
            return None
        return next((step for step in self.steps if step.decided_at is None), None)


class ApplicationRecording(Model):
    """A recording matched to an application; `position` is the -01, -02 of its file number."""

    __tablename__ = "application_recording"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    recording_id: Mapped[int] = mapped_column(
        ForeignKey("recording.id"), primary_key=True, index=True
    )
    position: Mapped[int] = mapped_column()
    matched_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    matched_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    application: Mapped[Application] = relationship(back_populates="matches")
    recording: Mapped[Recording] = relationship()


class CallCandidate(Model):
    """A call that the custodian lays before the applicant, with others, to choose from.

    It goes with the recording's row (제8조①).
    """

    __tablename__ = "call_candidate"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    recording_id: Mapped[int] = mapped_column(
        ForeignKey("recording.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    #: Shown to the applicant from here on, with the 보완요구.
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Their answer; null while there is none.
    chosen: Mapped[bool | None] = mapped_column()

    application: Mapped[Application] = relationship(back_populates="candidates")
    recording: Mapped[Recording] = relationship()


class ApprovalStep(Model):
    """One column of the 결재: made on receipt from the settings, filled once by one person."""

    __tablename__ = "approval_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    position: Mapped[int] = mapped_column()
    role: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(50))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: As whom: the step's own title, or 대결.
    capacity: Mapped[str] = mapped_column(String(50), default="")
    opinion: Mapped[str] = mapped_column(Text, default="")

    application: Mapped[Application] = relationship(back_populates="steps")
    decided_by: Mapped[Account | None] = relationship()

    __table_args__ = (
        Index(None, "application_id", "position", unique=True),
        Index(None, "role", "decided_at"),
        Index(None, "decided_at", "application_id"),
        # What came to a role, the newest first, with all that 지나간 것 asks of a step.
        Index(
            "ix_approval_step_came_to",
            "role",
            "application_id",
            "decided_by_id",
            "position",
        ),
    )


class Transition(Model):
    """One change of state: who, in which capacity, when, with which opinion."""

    __tablename__ = "transition"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    action: Mapped[str] = mapped_column(String(20))
    from_state: Mapped[str] = mapped_column(String(20))
    to_state: Mapped[str] = mapped_column(String(20))
    #: Null where the portal itself acted (deletion, end of the window).
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    capacity: Mapped[str] = mapped_column(String(50), default="")
    opinion: Mapped[str] = mapped_column(Text, default="")
    #: What it corrected on Form 1: `[{"field", "before", "after"}]` as printed; null for nothing.
    changes: Mapped[list[dict[str, str]] | None] = mapped_column(JSON(none_as_null=True))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    application: Mapped[Application] = relationship(back_populates="transitions")
    by: Mapped[Account | None] = relationship()

    __table_args__ = (
        Index(None, "application_id", "action"),
        # The 결재 of a person: in its order, and whether one was theirs. For queries that say this.
        Index(
            "ix_transition_decided",
            "by_id",
            "id",
            "application_id",
            sqlite_where=text(A_DECISION),
            postgresql_where=text(A_DECISION),
        ),
        Index(
            "ix_transition_decided_on",
            "by_id",
            "application_id",
            sqlite_where=text(A_DECISION),
            postgresql_where=text(A_DECISION),
        ),
    )


class ApplicationFile(Model):
    """Evidence or the signature of Form 1: bytes in the records vault under `public_id`."""

    __tablename__ = "application_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    #: "evidence" (제7조① 증명서류) or "signature" (서명 또는 날인).
    kind: Mapped[str] = mapped_column(String(15))
    title: Mapped[str] = mapped_column(String(200), default="")
    media_type: Mapped[str] = mapped_column(String(50))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    pages: Mapped[int] = mapped_column(default=1)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    destroyed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    application: Mapped[Application] = relationship(back_populates="files")

    __table_args__ = (CheckConstraint("kind in ('evidence','signature')", name="known_kind"),)
