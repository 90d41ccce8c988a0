"""How a step is taken: expected or not by the story's own rules, tried, and compared."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine

from portal import clock
from portal.database import write
from portal.extensions import db
from portal.packages.build import build_next
from portal.packages.gate import current_package
from portal.playback import find
from portal.playback.answer import sound_part
from portal.roles import Role
from stories import invariants
from stories.deeds import DEEDS, Deed
from stories.deeds_after import DEEDS_AFTER, log_in
from stories.installation import Install
from stories.matter import Listening, Matter
from stories.refusals import REFUSALS
from stories.town import SOUND, Actor, Town

ALL = {**DEEDS, **DEEDS_AFTER}
NEED_A_CODE = ("unlock", "download")
#: A working morning two days before the year ends, so that serials begin anew on the way.
BEGIN = datetime(2026, 12, 29, 1, 0, tzinfo=UTC)
EXPIRES = ("submitted", "received", "supplement_requested", "reviewed", "approved")


class Steps(RuleBasedStateMachine):
    """A story without rules of its own; `install` is set by whoever runs it."""

    install: Install
    town: Town
    line: list[Role]

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.stack.enter_context(clock.at(BEGIN))
        self.matters: list[Matter] = []

    def time_decides(self, m: Matter) -> None:
        """What the portal does by itself (기간만료, 열람종료, the end of a package)."""
        if m.state in EXPIRES and m.gone_on <= clock.today():
            m.state = "expired"
        elif m.state == "handed_over" and m.type == "inspection":
            assert m.window_until
            if clock.now() >= m.window_until or not m.living:
                m.state = "closed"
                m.end_sessions()
        elif m.state == "handed_over" and not m.living and not m.taken:
            m.state = "closed"
        dead = m.package_day is not None and m.package_day <= clock.today()
        if m.package in ("offered", "building", "ready") and (dead or not m.living):
            m.package = "void"

    def packages_are_built(self) -> None:
        self.tick()
        while build_next("walk"):
            pass
        for m in self.matters:
            if m.package == "building":
                package = current_package(m.row)
                assert package is not None
                m.package = package.state
                in_time = m.package_day is not None and clock.today() < m.package_day
                assert m.package == "ready" or not in_time, (m.package, package.end_reason)

    def some_steps(self, m: int, who: int, steps: int, n: int) -> None:
        matter = self.matters[-1 - m % len(self.matters)]
        for _ in range(steps):
            if not self.next_step(matter, who, n):
                return

    def next_step(self, m: Matter, who: int, n: int) -> bool:
        name = next_deed(m)
        if name == "build":
            self.packages_are_built()
            return m.package == "ready"
        if name == "hear":
            self.hear(m, next(s for s in m.sessions if s.is_running), None, who)
            return False
        for choice in (n, 0) if name in ("match", "approve") else (0,):
            able = [w for w in self.town.cast if name and ALL[name].may(self.town, m, w, choice)]
            if name and able:
                self.deed(name, m, able[who % len(able)], choice)
                return True
        return False

    def at_the_door(self, m: Matter) -> None:
        """Everybody who may not take the next step tries it; then somebody who may does."""
        name = next_deed(m)
        assert name in ALL, name
        for who in self.town.cast:
            if not ALL[name].may(self.town, m, who, 0):
                self.deed(name, m, who, 0)
        able = [who for who in self.town.cast if ALL[name].may(self.town, m, who, 0)]
        self.deed(name, m, able[0], 0)

    def deed(self, name: str, m: Matter, who: Actor, n: int) -> None:
        self.tick()
        deed: Deed = ALL[name]
        if name in NEED_A_CODE:
            who.enrol()
        expected = deed.may(self.town, m, who, n)
        done, result = self.attempt(
            f"{name} by {who} on {m.id}",
            expected,
            lambda: deed.do(self.town, m, who, n),
            alone=deed.alone,
        )
        if done:
            deed.after(self.town, m, who, n, result)

    def hear(self, m: Matter, one: Listening, stranger: Actor | None, n: int) -> None:
        """The first bytes of a call; a stranger comes with a login of their own."""
        self.tick()
        calls = m.calls or [m.asked]
        call = calls[n % len(calls)]
        login_id = one.login_id if stranger is None else log_in(stranger)
        who = stranger or one.who
        may = stranger is None and one.is_running and m.may_hear(who) and call in m.living

        def listen() -> bytes:
            visit = find.Visit(who.account, db.session.get_one(find.LoginSession, login_id))
            listening_id, heard = find.passed_recording(one.public_id, call.public_id, visit)
            part = sound_part(listening_id, heard, "bytes=0-99", head_only=False)
            return b"".join(part.pieces)

        done, heard = self.attempt(f"{who} hears {m.id}", may, listen, alone=True)
        if done:
            assert heard == SOUND[:100]
            one.active_at = clock.now()

    def attempt(
        self, what: str, expected: bool, verb: Callable[[], Any], *, alone: bool = False
    ) -> tuple[bool, Any]:
        """What may be done is done; what may not is refused in words and changes nothing."""
        before = None if expected else invariants.fingerprint()
        try:
            if alone:
                result = verb()
            else:
                with write():
                    result = verb()
        except REFUSALS as refused:
            assert not expected, f"{what} was refused: {refused!r} {refused}"
            assert any("가" <= letter <= "힣" for letter in str(refused)), refused
            assert invariants.fingerprint() == before, f"{what} left something: {refused!r}"
            return False, None
        assert expected, f"{what} was not refused"
        return True, result

    def tick(self) -> None:
        self.forward(timedelta(minutes=1))

    def forward(self, by: timedelta) -> None:
        self.stack.enter_context(clock.at(clock.now() + by))

    def teardown(self) -> None:
        self.stack.close()


def next_deed(m: Matter) -> str | None:
    """The next step of the procedure."""
    if m.state == "received":
        due = "review" if m.forwarded and not m.at_last_step else "approve"
        return due if m.forwarded else ("forward" if m.living else "match")
    if m.state == "reviewed":
        return "approve" if m.at_last_step else "review"
    if m.state == "approved":
        return _handover_step(m)
    if m.state == "handed_over":
        if m.type == "inspection":
            return "hear" if any(s.is_running for s in m.sessions) else "unlock"
        return {
            "offered": "ask for the password",
            "building": "build",
            "ready": "download",
            "used": "confirm destruction",
        }.get(m.package)
    return {
        "draft": "send again",
        "submitted": "receive",
        "supplement_requested": "answer",
    }.get(m.state)


def _handover_step(m: Matter) -> str:
    receipt = m.receipt
    if receipt is None or receipt.day != clock.today() or receipt.calls != m.living:
        return "prepare"
    for side in ("transferee", "transferor"):
        if side not in receipt.signed:
            return f"{side} signs"
    return "complete"
