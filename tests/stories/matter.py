"""An application as the story knows it, and the rules of domain.md about it, written once more.

This is the other witness: it shares no line with the portal's own guards.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from portal import clock
from portal.applications.models import Application
from portal.extensions import db
from portal.playback.models import ListeningSession
from portal.roles import Role
from stories.town import Actor, Call, Town

IDLE, LOGIN, SESSION = timedelta(minutes=10), timedelta(minutes=30), timedelta(minutes=60)


@dataclass(eq=False)
class Listening:
    """One opened listening session."""

    id: int
    public_id: str
    who: Actor
    login_id: int
    opened_at: datetime
    active_at: datetime
    ends_at: datetime
    is_open: bool = True

    @property
    def row(self) -> ListeningSession:
        return db.session.get_one(ListeningSession, self.id)

    @property
    def is_running(self) -> bool:
        """Neither ended by anybody nor by time; its login lasts half an hour without a page."""
        now = clock.now()
        in_time = now < min(self.ends_at, self.active_at + IDLE, self.opened_at + LOGIN)
        return self.is_open and in_time


@dataclass(eq=False)
class Receipt:
    """인계·인수증: who made it on which day for which calls, and who signed."""

    by: Actor
    day: date
    calls: list[Call]
    signed: set[str] = field(default_factory=set)


@dataclass(eq=False)
class Matter:
    """One application."""

    id: int
    kind: str  # employee, citizen, official
    type: str  # inspection, provision
    enterer: Actor
    asked: Call
    line: list[Role]
    state: str = "submitted"
    calls: list[Call] = field(default_factory=list)
    forwarded: bool = False
    searched: bool = False
    deciders: list[Actor] = field(default_factory=list)
    transferor: Actor | None = None
    receipt: Receipt | None = None
    handed_over: bool = False
    window_until: datetime | None = None
    sessions: list[Listening] = field(default_factory=list)
    #: none, offered, building, ready, used or void.
    package: str = "none"
    package_day: date | None = None
    offered_by: Actor | None = None
    taken: bool = False

    @property
    def row(self) -> Application:
        return db.session.get_one(Application, self.id)

    @property
    def applicant(self) -> Actor | None:
        return self.enterer if self.kind == "employee" else None

    @property
    def office(self) -> str | None:
        return None if self.kind == "employee" else self.enterer.office

    @property
    def living(self) -> list[Call]:
        return [call for call in self.calls if call.is_alive]

    @property
    def about(self) -> list[Call]:
        """The calls it is about: matched, and the one an employee applied from."""
        return [*self.calls, self.asked] if self.kind == "employee" else self.calls

    def concerns(self, who: Actor) -> bool:
        """Conflict: applicant, enterer (but of a 공문), and whoever was a party."""
        entered = who is self.enterer and self.kind != "official"
        return entered or any(who in call.parties for call in self.about)

    def is_filer(self, who: Actor) -> bool:
        return who is self.enterer and not who.closed

    def custodian(self, who: Actor) -> bool:
        return who.has(Role.CUSTODIAN) and not self.concerns(who) and not self.may_concern(who)

    def may_concern(self, who: Actor) -> bool:
        """Before a call is known: whoever was on the living one that is described."""
        return not self.about and self.asked.is_alive and who in self.asked.parties

    @property
    def in_hand(self) -> bool:
        return self.state == "received" and not self.forwarded

    @property
    def due_role(self) -> Role | None:
        """Whose step of the 결재 is due."""
        waits = self.forwarded and self.state in ("received", "reviewed")
        return self.line[len(self.deciders)] if waits else None

    @property
    def at_last_step(self) -> bool:
        return len(self.deciders) == len(self.line) - 1

    def free(self, who: Actor) -> bool:
        """Nobody fills two columns; nobody decides on what concerns them."""
        return not self.concerns(who) and who not in self.deciders

    def may_decide(self, town: Town, who: Actor) -> bool:
        role = self.due_role
        if role is None or not self.free(who):
            return False
        if who.has(role):
            return True
        there = [h for h in town.holding(role) if h not in town.away(role) and self.free(h)]
        return town.acts_for(who, role) and not there

    def named_transferor(self) -> Actor | None:
        named = self.transferor
        return named if named and named.has(Role.COUNTER) else None

    def hands_over(self, who: Actor) -> bool:
        named = self.named_transferor()
        mine = who is named if named else who.has(Role.CUSTODIAN)
        return mine and not self.concerns(who)

    def hands_out(self, who: Actor) -> bool:
        mine = who is self.named_transferor() or who.has(Role.CUSTODIAN)
        return mine and not self.concerns(who)

    def carries(self, who: Actor) -> bool:
        """Who gets the password and the package: the employee, or the officer for outsiders."""
        if who.closed or who.is_restricted:
            return False
        if self.applicant:
            return who is self.applicant
        return who is self.offered_by and self.hands_out(who)

    def attends(self, who: Actor) -> bool:
        if who.closed:
            return False
        if self.applicant:
            return who is self.applicant
        return who.has(Role.COUNTER) and who.office == self.office and not self.concerns(who)

    def may_hear(self, who: Actor) -> bool:
        """제7조③, 제8조④, 제9조: by a signed receipt, within its window, alive, unrestricted."""
        signed = self.receipt is not None and self.receipt.signed == {"transferor", "transferee"}
        in_time = self.window_until is not None and clock.now() < self.window_until
        handed = self.state == "handed_over" and self.type == "inspection"
        person = self.attends(who) and not who.is_restricted
        return signed and handed and in_time and person and bool(self.living)

    @property
    def first_deletion(self) -> date:
        calls = self.living or self.calls or [self.asked]
        return min(call.delete_on for call in calls)

    @property
    def gone_on(self) -> date:
        """From when nothing is left; a remembered time may be off by a day."""
        if self.about:
            return max(call.delete_on for call in self.about)
        return self.asked.delete_on + timedelta(days=1)

    def end_sessions(self, who: Actor | None = None) -> None:
        for one in self.sessions:
            if who is None or one.who is who:
                one.is_open = False
