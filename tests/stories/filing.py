"""Filing an application and claiming a call on a shared line."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from applications.papers import citizen_entry, drawn, pdf
from portal import clock
from portal.applications import evidence, signature
from portal.applications.choices import OFFICIAL_PAPER
from portal.applications.draft import OwnEntry, new_citizen_draft, new_draft_from_call, save_draft
from portal.applications.models import Application
from portal.applications.register_official import OfficialEntry, register_official
from portal.applications.submit import submit
from portal.database import write
from portal.extensions import db
from portal.recordings.claim import answer, claim
from portal.recordings.models import CallClaim
from portal.roles import Role
from stories.deeds import may_file
from stories.matter import Matter
from stories.town import Actor, Call

if TYPE_CHECKING:
    from stories.steps import Steps

_OVER = ("closed", "withdrawn", "not_found", "refused", "expired")
_signed = cache(lambda: signature.from_pad(drawn()))


def may_file_it(matters: Iterable[Matter], kind: str, kind_of: str, call: Call, who: Actor) -> bool:
    """As `may_file`; and no second application of one's own for the same call and 구분."""
    twin = any(
        kind == m.kind == "employee"
        and (m.asked, m.enterer, m.type) == (call, who, kind_of)
        and m.state not in _OVER
        for m in matters
    )
    return may_file(kind, call, who) and not twin


def file_it(walk: Steps, kind: str, kind_of: str, call: Call, who: Actor) -> None:
    walk.tick()
    verbs = {"employee": _own, "citizen": _citizens, "official": _official}
    done, row = walk.attempt(
        f"{who} files {kind} {kind_of} for {call.public_id}",
        may_file_it(walk.matters, kind, kind_of, call, who),
        lambda: verbs[kind](call, who, kind_of),
        alone=True,
    )
    if done:
        matter = Matter(row.id, kind, kind_of, who, call, walk.line)
        matter.state = "received" if kind == "official" else "submitted"
        walk.matters.append(matter)


def claim_it(walk: Steps, call: Call, who: Actor) -> None:
    """제2조제2호: of a shared line's call, one holder says that it was theirs."""
    walk.tick()
    taken = {*call.claims, *call.waiting}
    lines = [line for line in call.lines if line.shared and who in line.holders(call.day)]
    free = sorted((line for line in lines if line not in taken), key=lambda line: line.id)
    may = call.is_alive and not who.closed and bool(free)
    done, row = walk.attempt(
        f"{who} claims {call.public_id}", may, lambda: claim(call.row, by=who.account)
    )
    if done:
        call.waiting[free[0]] = (who, row.id)


def answer_it(walk: Steps, call: Call, who: Actor, confirmed: bool) -> None:
    """Another one who did not share the line says whether it is so."""
    if not call.waiting:
        return
    walk.tick()
    line, (claimant, claim_id) = next(iter(call.waiting.items()))
    role = who.has(Role.CUSTODIAN) or who.has(Role.TEAM_LEADER)
    may = call.is_alive and role and who is not claimant and who not in line.holders(call.day)
    row = db.session.get(CallClaim, claim_id)
    if row is None:
        return  # it died with its recording
    done, _ = walk.attempt(
        f"{who} answers {claimant}", may, lambda: answer(row, confirmed=confirmed, by=who.account)
    )
    if done:
        del call.waiting[line]
        if confirmed:
            call.claims[line] = claimant


def _own(call: Call, who: Actor, kind_of: str) -> Application:
    signed = signature.keep(_signed())
    with write():
        draft = new_draft_from_call(call.row, by=who.account, disclosure_type=kind_of)
        entry = OwnEntry(disclosure_type=kind_of, purpose="민원 처리", reason="확인이 필요합니다.")
        save_draft(draft, entry, by=who.account)
        signature.sign(draft, signed, by=who.account)
        submit(draft, by=who.account)
    return draft


def _citizens(call: Call, who: Actor, kind_of: str) -> Application:
    signed = signature.keep(_signed())
    entry = citizen_entry(
        disclosure_type=kind_of,
        caller_number=call.caller,
        callee_number=call.lines[0].number,
        asked_from=call.called_at,
    )
    with write():
        draft = new_citizen_draft(by=who.account)
        save_draft(draft, entry, by=who.account)
        signature.sign(draft, signed, by=who.account)
        submit(draft, by=who.account)
    return draft


def _official(call: Call, who: Actor, kind_of: str) -> Application:
    paper = evidence.take(pdf(), "공문.pdf", paper=OFFICIAL_PAPER)
    entry = OfficialEntry(
        ground=4,
        disclosure_type=kind_of,
        agency="이천경찰서",
        doc_no="수사과-1234",
        doc_on=clock.today(),
        legal_basis="형사소송법 제199조",
        department="수사과",
        rank="경위",
        name="이수사",
        contact="0316450112",
        caller_number=call.caller,
        callee_number=call.lines[0].number,
        asked_from=call.called_at,
        purpose="수사",
        reason="수사에 필요합니다.",
    )
    with write():
        return register_official(entry, [paper], by=who.account)
