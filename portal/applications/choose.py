"""Choosing among candidates: where what was asked fits several calls, the applicant says which.

The custodian lays up to ten calls before the applicant, masked and without sound, together with a
보완요구; an employee answers in the portal, a citizen at the counter through the officer who filed.
Nobody browses who called whom: only calls of the applicant's own can be laid before them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from portal import audit, clock
from portal.accounts.models import Account
from portal.applications.candidates import numbers_said
from portal.applications.match import CannotMatch, guard_recording, match_of
from portal.applications.models import Application, CallCandidate
from portal.applications.receive import guard_in_hand
from portal.applications.typed import BadText
from portal.database import writing
from portal.masking import Shape, shown
from portal.recordings.models import Recording

MOST = 10
_HIDDEN = "번호 없음"


@dataclass(frozen=True)
class ShownCall:
    """All that the applicant sees of a candidate; numbers are masked, also their own."""

    public_id: str
    called_at: datetime
    duration_ms: int
    caller: str
    callee: str


@dataclass(frozen=True)
class Choice:
    """Public ids of the chosen calls, or the word that it is none of them."""

    calls: Collection[str] = ()
    none_of_them: bool = False


def propose(application: Application, recording: Recording, *, by: Account) -> None:
    """Put a call among the candidates, inside `write()`; the applicant sees it with the 보완요구.

    Raises what `guard_in_hand` does, and `CannotMatch`, `OutsideBounds` or `Conflict` as `match`.
    """
    guard_in_hand(application, by)
    if application.is_official:
        raise CannotMatch("공문으로 요청한 기관에는 후보를 보이지 않습니다. 공문으로 문의하십시오.")
    guard_recording(application, recording, by)
    if not _is_theirs(application, recording):
        raise CannotMatch(
            "신청인의 번호로 통화한 것인지 알 수 없어 신청인에게 보일 수 없습니다. '보완요구'로 "
            "통화한 번호를 확인한 뒤에 다시 해 주십시오."
        )
    if match_of(application, recording) is not None:
        raise CannotMatch("이미 연결한 통화이므로 물을 필요가 없습니다.")
    if candidate_of(application, recording) is not None:
        raise CannotMatch("이미 후보에 넣은 통화입니다.")
    if len(application.candidates) >= MOST:
        raise CannotMatch(f"한 신청에서 신청인에게 보일 수 있는 통화는 {MOST}건까지입니다.")
    row = CallCandidate(proposed_by_id=by.id, proposed_at=clock.now())
    row.recording = recording
    application.candidates.append(row)
    writing().flush()
    audit.record("candidate.propose", by=by, on=application, recording=recording.public_id)


def take_off(application: Application, recording: Recording, *, by: Account) -> None:
    """Take a call off again that the applicant has not seen yet. Raises as `propose`."""
    guard_in_hand(application, by)
    row = candidate_of(application, recording)
    if row is None or row.asked_at is not None:
        raise CannotMatch("후보에 없거나 이미 신청인에게 보인 통화입니다.")
    application.candidates.remove(row)
    writing().delete(row)
    writing().flush()
    audit.record("candidate.take_off", by=by, on=application, recording=recording.public_id)


def lay_before(application: Application, *, by: Account) -> int:
    """What is proposed goes to the applicant with the 보완요구 that is being made; how many."""
    rows = waiting(application)
    for row in rows:
        row.asked_at = clock.now()
    if rows:
        audit.record("candidate.ask", by=by, on=application, calls=len(rows))
    return len(rows)


def take_back(application: Application) -> None:
    """회수 of the 보완요구: what was asked is not to be answered any more."""
    for row in asked(application):
        row.asked_at = None


def answer(application: Application, choice: Choice, *, by: Account) -> bool:
    """The applicant's answer, inside the answer to the 보완요구; False where nothing was asked.

    Raises `BadText` (field "calls") for no answer, two answers, or another call.
    """
    rows, chosen = {row.recording.public_id: row for row in asked(application)}, choice.calls
    if not rows and not chosen:
        return False
    if not set(chosen) <= set(rows):
        raise BadText("보인 통화 가운데서 골라 주십시오. 그 사이 삭제되었을 수 있습니다.", "calls")
    if bool(chosen) == choice.none_of_them:
        raise BadText("신청한 통화를 고르거나 '이 가운데 없음'을 골라 주십시오.", "calls")
    for public_id, row in rows.items():
        row.answered_at, row.chosen = clock.now(), public_id in chosen
    audit.record("candidate.answer", by=by, on=application, calls=len(rows), chosen=len(chosen))
    return True


def waiting(application: Application) -> list[CallCandidate]:
    """Proposed, alive, and not shown to the applicant yet."""
    return [c for c in application.candidates if c.asked_at is None and c.recording.is_alive]


def asked(application: Application) -> list[CallCandidate]:
    """Shown to the applicant, alive, and not answered."""
    rows = [c for c in application.candidates if c.asked_at and c.answered_at is None]
    return [row for row in rows if row.recording.is_alive]


def candidate_of(application: Application, recording: Recording) -> CallCandidate | None:
    return next((c for c in application.candidates if c.recording_id == recording.id), None)


def shown_calls(rows: Collection[CallCandidate]) -> list[ShownCall]:
    """As the applicant sees them, the earliest first."""
    found = [
        ShownCall(
            public_id=row.recording.public_id,
            called_at=row.recording.called_at,
            duration_ms=row.recording.duration_ms,
            caller=_masked(row.recording.caller_number),
            callee=_masked(row.recording.callee_number),
        )
        for row in rows
    ]
    return sorted(found, key=lambda call: call.called_at)


def _is_theirs(application: Application, recording: Recording) -> bool:
    """An employee's calls are on their lines (`bounds.within`); of everybody else's the number
    outside must be one that the application says: the line of an office is everybody's.
    """
    if application.party_id is not None:
        return True
    outside = {"inbound": recording.caller_number, "outbound": recording.callee_number}
    return outside.get(recording.direction) in numbers_said(application)


def _masked(number: str | None) -> str:
    return shown(Shape.PHONE, number) if number else _HIDDEN
