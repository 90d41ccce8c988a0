"""보완요구 and the answer to it: the custodian asks, whoever filed it adds papers and words.

The time in between does not count for the 처리기한; the deletion of the recordings never waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal import audit, clock
from portal.accounts.models import Account
from portal.applications.choose import Choice, answer, lay_before, waiting
from portal.applications.complete import FieldError
from portal.applications.correct import CallFacts, correct
from portal.applications.custody import capacity_of_custodian
from portal.applications.due import due_now, first_deletion, is_working_day
from portal.applications.evidence import MOST_FILES, BadFile, CheckedFile, add_row, evidence_of
from portal.applications.models import Application, Transition
from portal.applications.move import move
from portal.applications.parts import guard
from portal.applications.receive import guard_in_hand
from portal.applications.signature import sign_again
from portal.applications.states import Action
from portal.applications.submit import Incomplete, capacity_of
from portal.applications.typed import BadText, kept
from portal.documents.text import korean_date
from portal.runtime import settings

#: Working days that people usually get to answer.
USUAL_DAYS = 5
WHICH = "찾은 통화가 여럿입니다. 신청하신 통화를 골라 주십시오."
UNSIGNED = "통화 정보를 고친 신청서에 신청인의 서명을 다시 받아 주십시오."


def request_supplement(application: Application, *, by: Account, text: str, until: date) -> None:
    """Ask whoever filed it for what is missing, by the end of a day, inside `write()`.

    Raises what `guard_in_hand` does, and `BadText` (its `field` is "text" or "until").
    """
    guard_in_hand(application, by)
    missing = "무엇을 보완해야 하는지 적어 주십시오. 신청인이 읽습니다."
    asks_which = bool(waiting(application))
    asked = kept(text, missing=None if asks_which else missing) or WHICH
    last = first_deletion(application)
    if until < clock.today():
        raise BadText("보완기한은 오늘이나 그 뒤의 날이어야 합니다.", "until")
    if last is not None and until >= last:
        raise BadText(
            f"{settings().institution.information_word:이/가} {korean_date(last)} 0시에 자동 "
            "삭제됩니다. 그 전의 날을 정해 주십시오.",
            "until",
        )
    application.supplement_due_on = until
    lay_before(application, by=by)
    move(
        application,
        Action.REQUEST_SUPPLEMENT,
        by=by,
        capacity=capacity_of_custodian(application, by),
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


@dataclass(frozen=True)
class Answered:
    """`prints_anew`: Form 1 says something else now. `replaced`: blobs for `signature.drop`."""

    prints_anew: bool
    replaced: list[str]


def answer_supplement(
    application: Application,
    *,
    by: Account,
    text: str = "",
    papers: Sequence[CheckedFile] = (),
    choice: Choice | None = None,
    facts: CallFacts | None = None,
    signature: CheckedFile | None = None,
) -> Answered:
    """Answer a 보완요구 inside `write()`: back to the custodian. Late is better than never.

    Files lie in the vault already; the same paper twice is kept once. `facts` is which call is
    meant, corrected or as it was; `signature` is the new one for a corrected Form 1. Raises
    `WrongState`, `NotYours`, `BadText`, `BadFile`, and `Incomplete` where the corrected call is
    wrong or nobody signed for it.
    """
    guard(application, Action.SUPPLEMENT, by)
    changes = correct(application, facts) if facts else []
    signs = bool(changes) and not application.is_official
    if signs and signature is None:
        raise Incomplete([FieldError("signature", UNSIGNED)])
    chose = answer(application, choice or Choice(), by=by)
    enough = chose or bool(changes)
    said = kept(
        text,
        missing=None if enough else "무엇을 보완했는지 적어 주십시오. 담당자가 읽습니다.",
    )
    added = _add(application, papers, by)
    replaced = sign_again(application, signature, by=by) if signs and signature else []
    done = move(
        application, Action.SUPPLEMENT, by=by, capacity=capacity_of(application), opinion=said
    )
    done.changes = changes or None
    application.supplement_due_on = None
    application.due_on = due_now(application, first_deletion(application))
    audit.record(
        "application.supplemented", by=by, on=application, files=added, corrected=len(changes)
    )
    return Answered(not application.is_official and bool(changes or added), replaced)


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
