"""A paper that must not be there (a 주민등록번호 is readable on it) is destroyed, with a reason,
and replaced where a blacked-out copy is at hand. The one exception to papers outliving every job.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal import audit, clock
from portal.accounts.models import Account
from portal.applications.custody import guard_custodian, refuse_party
from portal.applications.evidence import MOST_FILES, BadFile, CheckedFile, add_row, evidence_of
from portal.applications.models import Application, ApplicationFile
from portal.applications.resident_number import MESSAGE, holds_resident_number
from portal.applications.states import State
from portal.applications.wording import line
from portal.database import lock, write
from portal.runtime import vault

LONGEST_REASON = 200  # characters


@dataclass
class CannotDestroy(Exception):
    """`str()` says why, in Korean; `field` where."""

    field: str
    why: str

    def __str__(self) -> str:
        return self.why


def destroy_paper(
    application: Application,
    file_id: str,
    *,
    by: Account,
    reason: str,
    instead: CheckedFile | None = None,
) -> ApplicationFile:
    """Destroy a paper of an application that was submitted; the row says when, and keeps its hash.

    Opens its own `write()`; then the bytes go. A crash in between leaves bytes without a living
    row, which the reconcile command removes. `instead` lies in the vault already. Raises
    `NotCustodian`, `Conflict`, `BadFile` and `CannotDestroy`.
    """
    why = _reason(reason)
    with write():
        guard_custodian(application, by)
        lock(application)
        refuse_party(application, by)
        row = _living(application, file_id)
        row.destroyed_at = clock.now()
        if instead is not None:
            if len(evidence_of(application)) >= MOST_FILES:
                raise BadFile(f"증명서류는 {MOST_FILES}개까지 둘 수 있습니다.")
            add_row(application, instead, by=by)
        replaced = instead.blob_id if instead else None
        audit.record(
            "evidence.destroy", by=by, on=application, reason=why, file=file_id, instead=replaced
        )
    vault().records.remove(file_id)
    return row


def paper_of(file: ApplicationFile) -> str:
    """What the paper was handed in as (`당사자 동의서`): a copy in its place is the same."""
    return file.title.partition(" - ")[0]


def _living(application: Application, file_id: str) -> ApplicationFile:
    found = next((f for f in evidence_of(application) if f.public_id == file_id), None)
    if found is None or application.state == State.DRAFT:
        raise CannotDestroy("file", "이미 파기되었거나 이 신청의 서류가 아닙니다.")
    return found


def _reason(text: str) -> str:
    why = line(text)
    if not why or len(why) > LONGEST_REASON:
        raise CannotDestroy("reason", f"파기하는 사유를 {LONGEST_REASON}자까지 적어 주십시오.")
    if holds_resident_number(why):
        raise CannotDestroy("reason", MESSAGE)
    return why
