"""The people, lines and calls of a story, as the story itself knows them.

Nothing here asks the portal what is right: who was a party to a call stays true whatever the
database has kept of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pyotp

import factories
from otp.devices import code_at, enrolled
from playback.hearing import with_sound
from portal import clock
from portal.accounts.models import Account, ExtensionHolding, RoleGrant
from portal.database import write
from portal.extensions import db
from portal.recordings.models import CallLeg, Recording
from portal.recordings.retention_day import delete_on
from portal.roles import Role
from portal.runtime import settings
from recordings.sounds import wav

SOUND = wav()


@dataclass(eq=False)
class Actor:
    """A person with an account."""

    name: str
    account_id: int
    person_id: int
    office: str
    roles: set[Role]
    closed: bool = False
    enrolled: pyotp.TOTP | None = None
    #: Those that were served.
    restrictions: list[Restriction] = field(default_factory=list)

    def __repr__(self) -> str:
        return self.name

    @property
    def account(self) -> Account:
        return db.session.get_one(Account, self.account_id)

    def enrol(self) -> pyotp.TOTP:
        """Their authenticator, enrolled when it is first needed."""
        self.enrolled = self.enrolled or enrolled(self.account, clock.now() - timedelta(hours=1))
        return self.enrolled

    def code(self) -> str:
        """What the authenticator shows now."""
        return code_at(self.enrol(), clock.now())

    @property
    def is_restricted(self) -> bool:
        return any(one.in_force for one in self.restrictions)

    def has(self, role: Role) -> bool:
        return not self.closed and role in self.roles


@dataclass(eq=False)
class Restriction:
    """제9조: from a day up to and including another, or open; served."""

    id: int
    who: Actor
    drafter: Actor
    from_on: date
    last_on: date | None
    lifted: bool = False

    @property
    def in_force(self) -> bool:
        day = clock.today()
        ended = self.lifted or (self.last_on is not None and day > self.last_on)
        return self.from_on <= day and not ended


@dataclass(eq=False)
class Line:
    """An extension and who held it from a day up to but not including another."""

    id: int
    number: str
    held: list[tuple[Actor, date, date | None]]
    shared: bool

    def holders(self, day: date) -> set[Actor]:
        return {who for who, a, b in self.held if a <= day and (b is None or day < b)}


@dataclass(eq=False)
class Call:
    """A recorded call; `claims` are those that were confirmed."""

    id: int
    public_id: str
    caller: str
    called_at: datetime
    delete_on: date
    lines: list[Line]
    claims: dict[Line, Actor] = field(default_factory=dict)
    waiting: dict[Line, tuple[Actor, int]] = field(default_factory=dict)

    @property
    def row(self) -> Recording:
        return db.session.get_one(Recording, self.id)

    @property
    def day(self) -> date:
        return clock.seoul(self.called_at).date()

    @property
    def is_alive(self) -> bool:
        return clock.now() < clock.midnight(self.delete_on)

    @property
    def parties(self) -> set[Actor]:
        """제2조제2호, on the institution's side: everybody who may have spoken."""
        claimed = set(self.claims.values())
        free = [line.holders(self.day) for line in self.lines if line not in self.claims]
        return claimed.union(*free)

    def is_own_of(self, who: Actor) -> bool:
        alone = any(not line.shared and who in line.holders(self.day) for line in self.lines)
        return alone or who in self.claims.values()


@dataclass(eq=False)
class Acting:
    """직무대리 from a day up to and including another."""

    substitute: Actor
    role: Role
    in_place_of: Actor | None
    from_on: date
    last_on: date

    @property
    def is_in_force(self) -> bool:
        return self.from_on <= clock.today() <= self.last_on


CAST = (
    ("직원1", "도시개발과", ()),
    ("직원2", "도시개발과", ()),
    ("창구1", "민원과", (Role.COUNTER,)),
    ("창구2", "민원과", (Role.COUNTER,)),
    ("창구3", "정보통신과", (Role.COUNTER,)),
    ("담당1", "정보통신과", (Role.CUSTODIAN,)),
    ("담당2", "정보통신과", (Role.CUSTODIAN,)),
    ("팀장1", "정보통신과", (Role.TEAM_LEADER,)),
    ("팀장2", "정보통신과", (Role.TEAM_LEADER,)),
    ("과장1", "정보통신과", (Role.DIVISION_HEAD,)),
    ("과장2", "정보통신과", (Role.DIVISION_HEAD,)),
    ("감사1", "감사과", (Role.AUDITOR,)),
)


class Town:
    """The cast, each with a line; two lines are shared and one changed hands today."""

    def __init__(self, extra: Iterable[tuple[int, Role]]) -> None:
        self.cast = [self._actor(name, office, roles) for name, office, roles in CAST]
        for index, role in extra:
            self._lend(self.cast[index % len(self.cast)], role)
        today, long_ago = clock.today(), date(2020, 1, 1)
        own = [self._line(f"031644{n:04d}", [(who, long_ago, None)]) for n, who in
               enumerate(self.cast[:10], 2100)]  # fmt: skip
        first, _second, counter, *_ = self.cast
        custodian, leader, head = self.cast[5], self.cast[7], self.cast[9]
        shared = [
            self._line("0316443001", [(w, long_ago, None) for w in (first, custodian, leader)]),
            self._line("0316443002", [(w, long_ago, None) for w in (counter, head)]),
        ]
        moved = self._line("0316443003", [(first, long_ago, today), (custodian, today, None)])
        self.lines = [*own, *shared, moved]
        self.calls: list[Call] = []
        self.acting: list[Acting] = []

    def holding(self, role: Role) -> list[Actor]:
        return [who for who in self.cast if who.has(role)]

    def acts_for(self, who: Actor, role: Role) -> bool:
        return not who.closed and any(
            one.substitute is who and one.role == role and one.is_in_force for one in self.acting
        )

    def away(self, role: Role) -> set[Actor]:
        return {one.in_place_of for one in self.acting
                if one.role == role and one.in_place_of and one.is_in_force}  # fmt: skip

    def record(self, lines: list[Line], minutes: int) -> Call:
        """A call of some minutes ago arrives, with its sound in the vault."""
        called_at = clock.now() - timedelta(minutes=minutes)
        caller = f"0101000{len(self.calls):04d}"
        row = with_sound(
            SOUND,
            called_at=called_at,
            caller=caller,
            callee=lines[0].number,
            delete_on=delete_on(called_at, settings()),
        )
        with write() as session:
            for line in lines:
                until = called_at + timedelta(seconds=9)
                leg = CallLeg(number=line.number, from_at=called_at, until_at=until)
                leg.recording_id, leg.extension_id = row.id, line.id
                session.add(leg)
        call = Call(row.id, row.public_id, caller, called_at, row.delete_on, lines)
        self.calls.append(call)
        return call

    def forget_what_is_gone(self) -> None:
        """Calls that no application named leave no row."""
        self.calls = [call for call in self.calls if db.session.get(Recording, call.id)]
        if not self.calls:
            self.record([self.lines[0]], 5)

    def _actor(self, name: str, office: str, roles: tuple[Role, ...]) -> Actor:
        account = factories.account(*roles, name=name, department_name=office)
        held = {Role.EMPLOYEE, *roles}
        return Actor(name, account.id, account.person_id, office, held)

    def _lend(self, who: Actor, role: Role) -> None:
        """A role besides the usual one, as small institutions have it."""
        if role in who.roles:
            return
        with write() as session:
            session.add(RoleGrant(account_id=who.account_id, role=role))
        who.roles.add(role)

    def _line(self, number: str, held: list[tuple[Actor, date, date | None]]) -> Line:
        row = factories.extension(number)
        shared = sum(until is None for _who, _from, until in held) > 1
        with write() as session:
            row.shared = shared
            for who, from_on, until_on in held:
                session.add(
                    ExtensionHolding(
                        extension_id=row.id,
                        person_id=who.person_id,
                        from_on=from_on,
                        until_on=until_on,
                    )
                )
        return Line(row.id, number, held, shared)
