"""Which recordings an application is about: matched by the custodian, each with its position."""

from __future__ import annotations

from dataclasses import dataclass

from portal import audit, clock
from portal.accounts.models import Account
from portal.applications.bounds import is_within
from portal.applications.custody import found_to_be_a_party
from portal.applications.models import Application, ApplicationRecording
from portal.applications.receive import guard_in_hand
from portal.database import writing
from portal.numbers import next_serial
from portal.recordings.models import Recording
from portal.recordings.parties import party_ids
from portal.words import worded

MOST_MATCHES = 20


@dataclass
class CannotMatch(Exception):
    """The recording cannot be matched or taken off; `str()` says why, in Korean."""

    why: str

    def __str__(self) -> str:
        return self.why


class OutsideBounds(CannotMatch):
    """The recording is not one that this application may be about."""


def match(application: Application, recording: Recording, *, by: Account) -> ApplicationRecording:
    """Match a recording, inside `write()`. Raises what `guard_in_hand` does, and `CannotMatch`."""
    guard_in_hand(application, by)
    if match_of(application, recording) is not None:
        raise CannotMatch(worded("이미 연결한 {recording}입니다."))
    guard_recording(application, recording, by)
    if len(application.matches) >= MOST_MATCHES:
        raise CannotMatch(f"한 신청에는 통화를 {MOST_MATCHES}건까지 연결할 수 있습니다.")
    row = ApplicationRecording(
        application_id=application.id,
        recording_id=recording.id,
        position=_next_position(application),
        matched_by_id=by.id,
        matched_at=clock.now(),
    )
    _change(application, row)
    audit.record(
        "application.match",
        by=by,
        on=application,
        recording=recording.public_id,
        position=row.position,
    )
    return row


def unmatch(application: Application, recording: Recording, *, by: Account) -> None:
    """Take a matched recording off again; its position stays used. Raises as `match` does."""
    guard_in_hand(application, by)
    row = match_of(application, recording)
    if row is None:
        raise CannotMatch(
            worded("연결되어 있지 않은 {recording}입니다. 이미 연결을 풀었을 수 있습니다.")
        )
    position = row.position
    writing().delete(row)
    _change(application)
    audit.record(
        "application.unmatch",
        by=by,
        on=application,
        recording=recording.public_id,
        position=position,
    )


def match_of(application: Application, recording: Recording) -> ApplicationRecording | None:
    return next((m for m in application.matches if m.recording_id == recording.id), None)


def guard_recording(application: Application, recording: Recording, by: Account) -> None:
    """Alive, within the bounds, and of nobody who handles or entered it. Raises as `match`."""
    if not recording.is_alive:
        raise CannotMatch(worded("보관기간이 지나 삭제된 {recording}입니다. 연결할 수 없습니다."))
    if not is_within(application, recording):
        raise OutsideBounds(worded("이 신청에서 찾을 수 있는 범위를 벗어난 {recording}입니다."))
    parties = party_ids([recording])
    if by.person_id in parties:
        raise found_to_be_a_party(application, recording, by)
    # A party may not enter the other side's application; of an employee's own, they are the party.
    entered_for_another = application.applicant_id is None and not application.is_official
    if entered_for_another and application.entered_by.person_id in parties:
        raise CannotMatch(
            "이 신청을 입력한 직원이 이 통화의 당사자입니다. 다른 직원이 신청을 다시 "
            "입력해야 합니다."
        )


def _next_position(application: Application) -> int:
    """Counts up per application and never comes back, since it stands on paper (…-02)."""
    return next_serial(f"files:{application.id}", 0)


def _change(application: Application, *added: ApplicationRecording) -> None:
    """Write it now, and let the next look at `matches` see it."""
    writing().add_all(added)
    writing().flush()
    writing().expire(application, ["matches"])
