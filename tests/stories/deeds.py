"""What people do with an application up to the decision: who may, the verb, and what follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from applications.papers import drawn
from portal import clock
from portal.applications import signature
from portal.applications.forward import forward
from portal.applications.match import match, unmatch
from portal.applications.not_found import close_as_not_found
from portal.applications.receive import receive
from portal.applications.search import search
from portal.applications.submit import submit
from portal.applications.supplement import answer_supplement, request_supplement
from portal.applications.take_back import recall, withdraw
from portal.approvals import decide
from portal.database import write
from portal.roles import Role
from stories.matter import Matter
from stories.town import Actor, Call, Town

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Deed:
    """`may` is the rule, `do` the portal's verb, `after` what the story knows from then on.

    `n` chooses where a deed needs a choice (which call, which 인계자). `alone`: the verb opens its
    own `write()`.
    """

    may: Callable[[Town, Matter, Actor, int], bool]
    do: Callable[[Town, Matter, Actor, int], Any]
    after: Callable[[Town, Matter, Actor, int, Any], None]
    alone: bool = False


def call_of(town: Town, m: Matter, n: int) -> Call:
    """The call asked for first, then any."""
    return m.asked if n == 0 else town.calls[n % len(town.calls)]


def _state(name: str, **fields: Any) -> Callable[[Town, Matter, Actor, int, Any], None]:
    def after(_town: Town, m: Matter, _who: Actor, _n: int, _result: Any) -> None:
        m.state = name
        for field, value in fields.items():
            setattr(m, field, value)

    return after


def _may_match(town: Town, m: Matter, who: Actor, n: int) -> bool:
    call = call_of(town, m, n)
    entered = m.kind == "citizen" and m.enterer in call.parties
    fits = call.is_alive and call not in m.calls and _is_near(m, call)
    return m.in_hand and m.custodian(who) and fits and not entered and who not in call.parties


def _is_near(m: Matter, call: Call) -> bool:
    """Nobody browses: an hour around one's own call and on one's own line, a day for others."""
    if m.applicant is None:
        return abs(call.called_at - m.asked.called_at) <= DAY
    mine = any(m.applicant in line.holders(call.day) for line in call.lines)
    ends = m.asked.called_at + timedelta(milliseconds=m.asked.row.duration_ms)
    return mine and m.asked.called_at - HOUR <= call.called_at <= ends + HOUR


def _may_take_off(_town: Town, m: Matter, who: Actor, n: int) -> bool:
    return m.in_hand and m.custodian(who) and bool(m.calls)


def _take_off(_town: Town, m: Matter, who: Actor, n: int) -> None:
    call = m.calls[n % len(m.calls)] if m.calls else m.asked
    unmatch(m.row, call.row, by=who.account)


def _taken_off(_town: Town, m: Matter, _who: Actor, n: int, _result: Any) -> None:
    del m.calls[n % len(m.calls)]


def _may_recall(_town: Town, m: Matter, who: Actor, _n: int) -> bool:
    if m.state == "submitted":
        return m.is_filer(who)
    lies = m.state == "received" and m.forwarded
    return (lies or m.state == "supplement_requested") and m.custodian(who)


def _recalled(_town: Town, m: Matter, _who: Actor, _n: int, _result: Any) -> None:
    m.state = "draft" if m.state == "submitted" else "received"
    m.forwarded = False


def may_file(m_kind: str, call: Call, who: Actor) -> bool:
    """신청: the employee for a call of their own, a counter officer for the other side's caller, a
    custodian for an agency; never a party for the other side."""
    if m_kind == "employee":
        mine = call.is_own_of(who) and not who.is_restricted and not who.closed
        return call.is_alive and mine
    role = Role.COUNTER if m_kind == "citizen" else Role.CUSTODIAN
    return call.is_alive and who.has(role) and who not in call.parties


def _send_again(_town: Town, m: Matter, who: Actor, _n: int) -> None:
    signed = signature.keep(signature.from_pad(drawn()))
    with write():
        signature.sign(m.row, signed, by=who.account)
        submit(m.row, by=who.account)


def _may_decide(action: str) -> Callable[[Town, Matter, Actor, int], bool]:
    def may(town: Town, m: Matter, who: Actor, n: int) -> bool:
        last = action in ("approve", "refuse")
        right = action == "return" or m.at_last_step == last
        if action == "approve" and n and not _may_name(m, town.cast[n % len(town.cast)]):
            return False
        return m.due_role is not None and right and m.may_decide(town, who)

    return may


def _may_name(m: Matter, named: Actor) -> bool:
    at_counter = named.has(Role.COUNTER) and named.office == m.office
    return at_counter and not m.concerns(named)


def _approve(town: Town, m: Matter, who: Actor, n: int) -> None:
    named = town.cast[n % len(town.cast)].account if n else None
    decide.approve(m.row, by=who.account, transferor=named)


def _decided(state: str) -> Callable[[Town, Matter, Actor, int, Any], None]:
    def after(town: Town, m: Matter, who: Actor, n: int, _result: Any) -> None:
        m.state = state
        m.deciders.append(who)
        if state == "approved" and n:
            m.transferor = town.cast[n % len(town.cast)]

    return after


def _returned(_town: Town, m: Matter, _who: Actor, _n: int, _result: Any) -> None:
    m.state, m.forwarded, m.deciders = "received", False, []


def _in_hand(_town: Town, m: Matter, who: Actor, _n: int) -> bool:
    return m.in_hand and m.custodian(who)


DEEDS: dict[str, Deed] = {
    "receive": Deed(
        lambda t, m, w, n: m.state == "submitted" and m.custodian(w),
        lambda t, m, w, n: receive(m.row, by=w.account),
        _state("received"),
    ),
    "match": Deed(
        _may_match,
        lambda t, m, w, n: match(m.row, call_of(t, m, n).row, by=w.account),
        lambda t, m, w, n, _r: m.calls.append(call_of(t, m, n)),
    ),
    "take off": Deed(_may_take_off, _take_off, _taken_off),
    "search": Deed(
        _in_hand,
        lambda t, m, w, n: search(m.row, by=w.account),
        lambda t, m, w, n, _r: setattr(m, "searched", True),
    ),
    "forward": Deed(
        lambda t, m, w, n: _in_hand(t, m, w, n) and bool(m.living),
        lambda t, m, w, n: forward(m.row, by=w.account, checked=True),
        lambda t, m, w, n, _r: setattr(m, "forwarded", True),
    ),
    "not found": Deed(
        lambda t, m, w, n: _in_hand(t, m, w, n) and m.searched and not m.calls,
        lambda t, m, w, n: close_as_not_found(m.row, by=w.account, text="찾지 못함"),
        _state("not_found"),
    ),
    "ask for more": Deed(
        lambda t, m, w, n: _in_hand(t, m, w, n) and clock.today() < m.first_deletion,
        lambda t, m, w, n: request_supplement(
            m.row, by=w.account, text="서류를 보완해 주십시오.", until=clock.today()
        ),
        _state("supplement_requested"),
    ),
    "answer": Deed(
        lambda t, m, w, n: m.state == "supplement_requested" and m.is_filer(w),
        lambda t, m, w, n: answer_supplement(m.row, by=w.account, text="보완했습니다."),
        _state("received"),
    ),
    "recall": Deed(_may_recall, lambda t, m, w, n: recall(m.row, by=w.account), _recalled),
    "send again": Deed(
        lambda t, m, w, n: m.state == "draft" and w is m.enterer and may_file(m.kind, m.asked, w),
        _send_again,
        _state("submitted"),
        alone=True,
    ),
    "withdraw": Deed(
        lambda t, m, w, n: (
            m.state in ("submitted", "received", "supplement_requested", "reviewed")
            and m.is_filer(w)
        ),
        lambda t, m, w, n: withdraw(m.row, by=w.account),
        _state("withdrawn"),
    ),
    "review": Deed(
        _may_decide("review"),
        lambda t, m, w, n: decide.review(m.row, by=w.account),
        _decided("reviewed"),
    ),
    "approve": Deed(_may_decide("approve"), _approve, _decided("approved")),
    "return": Deed(
        _may_decide("return"),
        lambda t, m, w, n: decide.return_(m.row, by=w.account, opinion="다시 확인하십시오."),
        _returned,
    ),
    "refuse": Deed(
        _may_decide("refuse"),
        lambda t, m, w, n: decide.refuse(m.row, by=w.account, opinion="근거가 없습니다."),
        _decided("refused"),
    ),
}
