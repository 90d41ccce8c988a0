"""결재 올림: what the custodian found and checked goes to the approvers."""

from __future__ import annotations

from dataclasses import dataclass

from portal import audit, clock
from portal.accounts.models import Account
from portal.applications.bounds import is_within
from portal.applications.custody import capacity_of_custodian
from portal.applications.due import due_now
from portal.applications.evidence import evidence_of
from portal.applications.models import Application
from portal.applications.move import move
from portal.applications.receive import guard_in_hand
from portal.applications.states import Action
from portal.recordings.models import Recording
from portal.words import worded


@dataclass
class CannotForward(Exception):
    """Something is missing before the approvers can decide; `str()` says what, in Korean."""

    why: str

    def __str__(self) -> str:
        return self.why


class NotChecked(CannotForward):
    """The custodian did not confirm having checked evidence and party."""


def forward(application: Application, *, by: Account, checked: bool) -> None:
    """Hand a received application to the approvers, inside `write()`.

    `checked` is the custodian's word that the evidence and the party were checked. Raises what
    `guard_in_hand` does, and `CannotForward`.
    """
    guard_in_hand(application, by)
    if not checked:
        raise NotChecked("증명서류와 당사자를 확인했는지 표시해 주십시오.")
    living = living_matches(application)
    if not living:
        raise CannotForward(
            worded(
                "연결된 {recording:이/가} 없습니다. 해당 {recording:을/를} 찾아 먼저 "
                "연결해 주십시오."
            )
        )
    if not all(is_within(application, call) for call in living):
        raise CannotForward(
            worded(
                "통화 정보가 고쳐져 연결한 {recording} 가운데 신청의 범위를 벗어난 것이 "
                "있습니다. 연결을 풀고 "
                "다시 찾아 연결해 주십시오."
            )
        )
    # The deletion day of the recordings is known for certain now.
    application.due_on = due_now(application, min(call.delete_on for call in living))
    application.forwarded_at = clock.now()
    audit.record(
        "application.checked",
        by=by,
        on=application,
        checked=True,
        evidence=len(evidence_of(application)),
        recordings=len(living),
    )
    move(application, Action.FORWARD, by=by, capacity=capacity_of_custodian(application, by))


def living_matches(application: Application) -> list[Recording]:
    """The matched recordings that are not past their day."""
    return [match.recording for match in application.matches if match.recording.is_alive]
