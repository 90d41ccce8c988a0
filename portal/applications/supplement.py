"""보완요구 and the answer to it: the custodian asks, whoever filed it adds papers and words.

The time in between does not count for the 처리기한; the deletion of the recordings never waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from portal import audit, clock
from portal.accounts.models import Account
from portal.applications.due import due_now, first_deletion, is_working_day
from portal.applications.evidence import MOST_FILES, BadFile, CheckedFile, add_row, evidence_of
from portal.applications.models import Application, Transition
from portal.applications.move import move
from portal.applications.parts import guard
from portal.applications.receive import custodian_title, guard_in_hand
from portal.applications.states import Action
from portal.applications.submit import capacity_of
from portal.applications.typed import BadText, kept
from portal.documents.text import korean_date

#: Working days that people usually get to answer.
USUAL_DAYS = 5


def request_supplement(application: Application, *, by: Account, text: str, until: date) -> None:
    """Ask whoever filed it for what is missing, by the end of a day, inside `write()`.

    Raises what `guard_in_hand` does, and `BadText` (its `field` is "text" or "until").
    """
    guard_in_hand(application, by)
    asked = kept(text, missing="무엇을 보완해야 하는지 적어 주십시오. 신청인이 읽습니다.")
    last = first_deletion(application)
    if until < clock.today():
        raise BadText("보완기한은 오늘이나 그 뒤의 날이어야 합니다.", "until")
    if last is not None and until >= last:
        raise BadText(
            f"녹취정보가 {korean_date(last)} 0시에 자동 삭제됩니다. 그 전의 날을 정해 주십시오.",
            "until",
        )
    application.supplement_due_on = until
    move(
        application,
        Action.REQUEST_SUPPLEMENT,
        by=by,
        capacity=custodian_title(application),
        opinion=asked,
    )


def usual_day(application: Application) -> date:
    """The day that is proposed: some working days from now, before the recordings are gone."""
    day, left = clock.today(), USUAL_DAYS
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    last = first_deletion(application)
    return max(min(day, last - timedelta(days=1)) if last else day, clock.today())


def answer_supplement(
    application: Application, *, by: Account, text: str, papers: Sequence[CheckedFile] = ()
) -> None:
    """Answer a 보완요구 inside `write()`: back to the custodian. Late is better than never.

    `papers` lie in the vault already; the same content twice is kept once. Raises `WrongState`,
    `NotYours`, `BadText` and `BadFile`.
    """
    guard(application, Action.SUPPLEMENT, by)
    said = kept(text, missing="무엇을 보완했는지 적어 주십시오. 담당자가 읽습니다.")
    added = _add(application, papers, by)
    move(application, Action.SUPPLEMENT, by=by, capacity=capacity_of(application), opinion=said)
    application.supplement_due_on = None
    application.due_on = due_now(application, first_deletion(application))
    audit.record("application.supplemented", by=by, on=application, files=added)


def open_request(application: Application) -> Transition | None:
    """The 보완요구 that waits for an answer."""
    last = application.transitions[-1] if application.transitions else None
    return last if last and last.action == Action.REQUEST_SUPPLEMENT else None


def _add(application: Application, papers: Sequence[CheckedFile], by: Account) -> int:
    held = {file.sha256 for file in evidence_of(application)}
    new = {file.sha256: file for file in papers if file.sha256 not in held}
    if len(held) + len(new) > MOST_FILES:
        raise BadFile(f"증명서류는 모두 {MOST_FILES}개까지 올릴 수 있습니다. 묶어 주십시오.")
    for file in new.values():
        row = add_row(application, file, by=by)
        audit.record("evidence.add", by=by, on=application, file=row.public_id, pages=row.pages)
    return len(new)
