"""People, where they sit, their accounts, roles and sessions."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, ColumnElement, Date, ForeignKey, Index, String, and_, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.database import UtcDateTime
from portal.encrypted import Encrypted
from portal.extensions import Model
from portal.ids import public_id
from portal.roles import Role


class Department(Model):
    """제3조: 본청, 직속기관, 사업소, 읍·면·동, 의회사무과."""

    __tablename__ = "department"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    name: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(20), default="본청")
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date | None] = mapped_column(Date)

    @property
    def last_on(self) -> date | None:
        """The last day, where there is one."""
        return self.until_on and self.until_on - timedelta(days=1)


class Person(Model):
    """Somebody who works or worked for the institution; never deleted (제11조)."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    name: Mapped[str] = mapped_column(String(100))
    employee_no: Mapped[str | None] = mapped_column(String(30), unique=True)

    postings: Mapped[list[Posting]] = relationship(
        back_populates="person", order_by="Posting.from_on"
    )

    def posting_on(self, day: date) -> Posting | None:
        """Where the person sat on a day."""
        held = [
            p
            for p in self.postings
            if p.from_on <= day and (p.until_on is None or day < p.until_on)
        ]
        return held[-1] if held else None

    @property
    def department_name(self) -> str:
        """Today's department, or the last one."""
        posting = self.posting_on(clock.today()) or (self.postings[-1] if self.postings else None)
        return posting.department.name if posting else ""

    @property
    def last_on(self) -> date | None:
        """The last day of the last posting, where it has one."""
        until_on = self.postings[-1].until_on if self.postings else None
        return until_on and until_on - timedelta(days=1)

    @property
    def rank(self) -> str:
        """Today's 직급."""
        posting = self.posting_on(clock.today())
        return posting.rank if posting else ""


class Posting(Model):
    """A person in a department with a 직급, from a day up to but not including another."""

    __tablename__ = "posting"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    rank: Mapped[str] = mapped_column(String(50), default="")
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date | None] = mapped_column(Date)

    person: Mapped[Person] = relationship(back_populates="postings")
    department: Mapped[Department] = relationship()

    @property
    def last_on(self) -> date | None:
        """The last day, where there is one."""
        return self.until_on and self.until_on - timedelta(days=1)


class Extension(Model):
    """A line: its digits, and whether one person (전용) or several (공용) use it."""

    __tablename__ = "extension"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    shared: Mapped[bool] = mapped_column(default=False)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))

    department: Mapped[Department | None] = relationship()
    holdings: Mapped[list[ExtensionHolding]] = relationship(
        back_populates="extension", order_by="ExtensionHolding.from_on"
    )


class ExtensionHolding(Model):
    """Who had an extension, from a day up to but not including another."""

    __tablename__ = "extension_holding"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    extension_id: Mapped[int] = mapped_column(ForeignKey("extension.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date | None] = mapped_column(Date)

    extension: Mapped[Extension] = relationship(back_populates="holdings")
    person: Mapped[Person] = relationship()

    @property
    def last_on(self) -> date | None:
        """The last day, where there is one."""
        return self.until_on and self.until_on - timedelta(days=1)


class Account(Model):
    """A person's one account: opened, closed, never deleted."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    login: Mapped[str] = mapped_column(String(50), unique=True)
    #: Where notices go by mail; without one they stay in the portal.
    email: Mapped[str | None] = mapped_column(Encrypted("account.email"))
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change_password: Mapped[bool] = mapped_column(default=False)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The day at whose beginning it closes by itself, where one is set.
    close_on: Mapped[date | None] = mapped_column(Date)

    person: Mapped[Person] = relationship(lazy="joined")
    grants: Mapped[list[RoleGrant]] = relationship(
        back_populates="account", foreign_keys="RoleGrant.account_id"
    )
    assignments: Mapped[list[ActingAssignment]] = relationship(
        back_populates="account", foreign_keys="ActingAssignment.account_id"
    )

    # Flask-Login asks for these.
    is_authenticated = True
    is_anonymous = False

    @property
    def last_on(self) -> date | None:
        """The last day on which it is open, where a closing is set."""
        return self.close_on and self.close_on - timedelta(days=1)

    @property
    def is_active(self) -> bool:
        """Open today. The calendar decides about a closing that was set, whether or not the worker
        has run (제11조)."""
        leaves = self.close_on is not None and self.close_on <= clock.today()
        return self.closed_at is None and not leaves

    @classmethod
    def are_open(cls) -> ColumnElement[bool]:
        """The same as a condition."""
        stays = or_(cls.close_on.is_(None), cls.close_on > clock.today())
        return and_(cls.closed_at.is_(None), stays)

    def get_id(self) -> str:
        return self.public_id

    @property
    def roles(self) -> frozenset[Role]:
        """The roles in force now."""
        if not self.is_active:
            return frozenset()
        return frozenset(Role(grant.role) for grant in self.grants if grant.revoked_at is None)

    @property
    def acting_roles(self) -> frozenset[Role]:
        """The roles whose step of the 결재 the account may fill today in another's place (대결)."""
        if not self.is_active:
            return frozenset()
        today = clock.today()
        return frozenset(Role(a.role) for a in self.assignments if a.in_force_on(today))

    @property
    def name(self) -> str:
        return self.person.name


class RoleGrant(Model):
    """A role held from one moment to another; the history stays (3 years by law)."""

    __tablename__ = "role_grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    account: Mapped[Account] = relationship(back_populates="grants", foreign_keys=[account_id])
    granted_by: Mapped[Account | None] = relationship(foreign_keys=[granted_by_id])
    confirmed_by: Mapped[Account | None] = relationship(foreign_keys=[confirmed_by_id])

    __table_args__ = (
        CheckConstraint(
            "role in ('employee','counter','custodian','team_leader','division_head','auditor')",
            name="known_role",
        ),
        Index(None, "role", "revoked_at"),
    )


class AccountChange(Model):
    """Something that needs a second person: asked for by one, confirmed or declined by another."""

    __tablename__ = "account_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    role: Mapped[str | None] = mapped_column(String(20))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed: Mapped[bool | None] = mapped_column()

    account: Mapped[Account] = relationship(foreign_keys=[account_id])
    asked_by: Mapped[Account | None] = relationship(foreign_keys=[asked_by_id])
    answered_by: Mapped[Account | None] = relationship(foreign_keys=[answered_by_id])
    #: What a change of the kind "name_acting" is about.
    assignment: Mapped[ActingAssignment | None] = relationship(back_populates="change")

    __table_args__ = (
        CheckConstraint(
            "kind in ('grant_role','revoke_role','reset_password','reset_otp','name_acting')",
            name="known_kind",
        ),
    )


class ActingAssignment(Model):
    """직무대리: who fills a step of the 결재 when its holder cannot (대결), from a day up to but
    not including another. In force once a second person has confirmed it.

    With `in_place_of` that person is away on these days; without it, nobody is away, and the
    account stands ready for what concerns every holder (conflict) or where there is none.
    """

    __tablename__ = "acting_assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=public_id)
    role: Mapped[str] = mapped_column(String(20))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    in_place_of_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(200))
    #: Who asked, who confirmed or declined, and when: the second-person rule.
    change_id: Mapped[int] = mapped_column(ForeignKey("account_change.id"), unique=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    account: Mapped[Account] = relationship(back_populates="assignments", foreign_keys=[account_id])
    in_place_of: Mapped[Account | None] = relationship(foreign_keys=[in_place_of_id])
    change: Mapped[AccountChange] = relationship(back_populates="assignment")

    __table_args__ = (
        CheckConstraint("from_on < until_on", name="some_days"),
        CheckConstraint("role in ('custodian','team_leader','division_head')", name="step_role"),
    )

    @property
    def last_on(self) -> date:
        """The last day on which it is in force."""
        return self.until_on - timedelta(days=1)

    def in_force_on(self, day: date) -> bool:
        """Confirmed, not ended, and within its days."""
        confirmed = self.confirmed_at is not None and self.ended_at is None
        return confirmed and self.from_on <= day < self.until_on

    @classmethod
    def are_in_force_on(cls, day: date) -> ColumnElement[bool]:
        """The same as a condition."""
        confirmed = and_(cls.confirmed_at.is_not(None), cls.ended_at.is_(None))
        return and_(confirmed, cls.from_on <= day, cls.until_on > day)


class LoginSession(Model):
    """One login, known to the server: the cookie carries a token, of which this is the hash."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    origin: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str | None] = mapped_column(String(30))
    #: While the screen is turned to a citizen: what it is about (public id). Until the password is
    #: given again nothing else opens in this session (`portal/web/turned.py`).
    turned_to: Mapped[str | None] = mapped_column(String(32))

    account: Mapped[Account] = relationship()

    __table_args__ = (Index(None, "account_id", "ended_at"),)
