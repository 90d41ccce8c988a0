"""Sixteen people at once: who files, who receives, who reviews and who decides, all day long.

Custodians and approvers race for the same applications on purpose; whoever comes second is told so.
Anything else that is raised, lost, doubled or out of order is an error.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy import func, select

import factories
from applications.papers import own_draft, submitted
from portal.accounts.models import Account, Extension
from portal.applications.forward import CannotForward, forward
from portal.applications.match import CannotMatch, match
from portal.applications.models import Application, Transition
from portal.applications.receive import AlreadyReceived, NotInHand, receive
from portal.applications.states import State, WrongState
from portal.approvals.decide import approve, review
from portal.approvals.refusals import AlreadyDecided, NotYourStep
from portal.audit.verify import verify
from portal.database import write
from portal.extensions import db
from portal.roles import Role

#: What somebody is told who came second.
_SECOND = (AlreadyReceived, NotInHand, AlreadyDecided, NotYourStep, WrongState)
_SECOND += (CannotMatch, CannotForward)  # type: ignore[assignment]
STAFF = (Role.EMPLOYEE,) * 6 + (Role.CUSTODIAN,) * 4 + (Role.TEAM_LEADER,) * 3
STAFF += (Role.DIVISION_HEAD,) * 3


@dataclass
class Day:
    """What came of it: deeds done, races lost, and what should not have happened."""

    done: Counter[str] = field(default_factory=Counter)
    second: int = 0
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def deeds(self) -> int:
        return sum(self.done.values())


def work(app: Flask, seconds: float) -> Day:
    """A day of so many seconds, by sixteen threads with sessions of their own."""
    people = [(role, factories.account(role)) for role in STAFF]
    lines = [
        factories.extension(f"03164421{n:02d}", who.person).id for n, (_r, who) in enumerate(people)
    ]
    ids = [(role, who.id) for role, who in people]
    db.session.rollback()
    day, until = Day(), time.monotonic() + seconds
    threads = [
        threading.Thread(target=_days_work, args=(app, day, until, role, who, line))
        for (role, who), line in zip(ids, lines, strict=True)
    ]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    day.seconds = time.monotonic() - began
    db.session.rollback()
    return day


def _days_work(app: Flask, day: Day, until: float, role: Role, who: int, line: int) -> None:
    """One person: always the oldest thing that seems to wait for them."""
    with app.app_context():
        while time.monotonic() < until and not day.errors:
            try:
                me = db.session.get_one(Account, who)
                for name, act in _TODO[role](me, line):
                    act()
                    day.done[name] += 1
            except _SECOND:
                day.second += 1
            except Exception as error:
                day.errors.append(f"{role} {type(error).__name__}: {error}"[:300])
            finally:
                db.session.rollback()
        db.session.remove()


Deeds = Sequence[tuple[str, Callable[[], object]]]


def _file(me: Account, line: int) -> Deeds:
    def file() -> None:
        call = factories.recording(db.session.get_one(Extension, line))
        submitted(own_draft(me, call))

    return [("file", file)]


def _take_in(me: Account, _line: int) -> Deeds:
    row = _oldest(State.SUBMITTED)
    if row is None:
        return []

    def do(verb: Callable[[], object]) -> None:
        with write():
            verb()

    return [
        ("receive", lambda: do(lambda: receive(row, by=me))),
        ("match", lambda: do(lambda: match(row, row.asked_recording, by=me))),  # type: ignore[arg-type]
        ("forward", lambda: do(lambda: forward(row, by=me, checked=True))),
    ]


def _decide(name: str, state: State, verb: Callable[..., object]) -> Callable[..., Deeds]:
    def deeds(me: Account, _line: int) -> Deeds:
        row = _oldest(state, forwarded=True)

        def decide() -> None:
            with write():
                verb(row, by=me)

        return [(name, decide)] if row else []

    return deeds


def _oldest(state: State, *, forwarded: bool = False) -> Application | None:
    waiting = select(Application).where(Application.state == state)
    if forwarded:
        waiting = waiting.where(Application.forwarded_at.is_not(None))
    return db.session.scalars(waiting.order_by(Application.id).limit(1)).unique().first()


_TODO: dict[Role, Callable[[Account, int], Deeds]] = {
    Role.EMPLOYEE: _file,
    Role.CUSTODIAN: _take_in,
    Role.TEAM_LEADER: _decide("review", State.RECEIVED, review),
    Role.DIVISION_HEAD: _decide("approve", State.REVIEWED, approve),
}


def wrong(day: Day) -> list[str]:
    """What the database says against that day; empty where it holds together."""
    found = list(day.errors)
    counted = dict(db.session.execute(_by_action()).all())  # type: ignore[arg-type]
    names = {"file": "submit", "receive": "receive", "forward": "forward", "review": "review"}
    for deed, action in {**names, "approve": "approve"}.items():
        if counted.get(action, 0) != day.done[deed]:
            found.append(f"{deed}: {day.done[deed]} done, {counted.get(action, 0)} kept")
    twice = select(Transition.application_id).group_by(Transition.application_id, Transition.action)
    if db.session.scalars(twice.having(func.count() > 1)).all():
        found.append("an action happened twice to one application")
    numbers = sorted(db.session.scalars(_numbers()))
    serials = [int(number.rpartition("-")[2]) for number in numbers]
    if serials != list(range(1, len(serials) + 1)):
        found.append(f"control numbers doubled or left out: {serials[:5]}…{serials[-3:]}")
    for row in db.session.scalars(select(Application)).unique():
        last = row.transitions[-1].to_state if row.transitions else State.DRAFT
        if row.state != last:
            found.append(f"{row.public_id} is {row.state}, its history says {last}")
    if not verify().sound:
        found.append("the log's chain is broken")
    return found


def _by_action():  # type: ignore[no-untyped-def]
    return select(Transition.action, func.count()).group_by(Transition.action)


def _numbers():  # type: ignore[no-untyped-def]
    return select(Application.control_no).where(Application.control_no.is_not(None))
