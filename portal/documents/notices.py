"""통지서: what the applicant is told where an application cannot go on, with how to object."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.documents import letter
from portal.documents.blocks import Item
from portal.documents.text import korean_date
from portal.documents.wording import Wording
from portal.korean import Word

_KINDS = {"inspection": "열람", "provision": "제공"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The application a notice is about; texts as they are printed."""

    wording: Wording
    recipient: str
    control_no: str
    disclosure_type: str
    call: str  # 통화일시 and numbers
    applied_on: date
    dated: date
    drafter: str = ""  # title and name
    decider: str = ""  # title, name and day
    verification_no: str = ""
    verification_url: str = ""

    @property
    def kind(self) -> str:
        return _KINDS[self.disclosure_type]

    @property
    def recorded(self) -> Word:
        return self.wording.information


def refusal(case: Case, *, reasons: str, objection: str) -> bytes:
    """거절 통지서; each line of `reasons` is a point. Raises `DocumentError`."""
    first = Item(
        _filed(case, "다음과 같은 사유로 응할 수 없음을 알려 드립니다."),
        (*_facts(case), _points("거절 사유", reasons)),
    )
    return _letter(case, "신청 거절 통지", (first, _objection(objection)))


def not_found(case: Case, *, findings: str, retention: str, objection: str) -> bytes:
    """해당 녹취 없음 통지서. Raises `DocumentError`."""
    first = Item(
        _filed(case, f"해당하는 {case.recorded:이/가} 없음을 알려 드립니다."),
        (*_facts(case), _points("확인 내용", findings)),
    )
    why = Item(
        f"다음의 경우에는 {case.recorded:이/가} 없을 수 있습니다.",
        (
            Item(f"{case.wording.recording}하지 않은 통화인 경우"),
            Item(
                f"보관기간({retention})이 지나 「{case.wording.guideline}」 "
                f"{case.wording.retention_article}에 따라 자동 삭제된 경우"
            ),
            Item(
                "통화일시나 전화번호가 신청서에 적은 것과 다른 경우 (바르게 적어 다시 신청하실 수 "
                "있습니다)"
            ),
        ),
    )
    return _letter(case, "신청 처리 결과 통지(해당 자료 없음)", (first, why, _objection(objection)))


def expiry(
    case: Case, *, deleted_on: date | None, cause: str, retention: str, objection: str
) -> bytes:
    """기간만료 통지서: destroyed before it could be handed over. Raises `DocumentError`."""
    facts = list(_facts(case))
    if deleted_on:
        facts.append(Item(f"자동 삭제: {korean_date(deleted_on)} 0시"))
    facts.append(_points("경위", cause))
    ends = (
        f"보관기간({retention})이 지나 「{case.wording.guideline}」 "
        f"{case.wording.retention_article}에 따라 자동 삭제되어 응할 수 없음을 알려 드립니다."
    )
    first = Item(_filed(case, ends), tuple(facts))
    return _letter(case, "신청 기간만료 통지", (first, _objection(objection)))


def supplement_request(
    case: Case, *, wanted: str, answer_by: date | None, deleted_on: date | None
) -> bytes:
    """보완요구서; each line of `wanted` is a point. Raises `DocumentError`."""
    facts = [*_facts(case), _points("보완할 사항", wanted)]
    if answer_by:
        facts.append(Item(f"보완 기한: {korean_date(answer_by)}"))
    first = Item(
        _filed(case, "다음과 같이 보완을 요구하오니 보완하여 주시기 바랍니다."), tuple(facts)
    )
    late = "보완하실 때까지 처리를 계속할 수 없습니다."
    if deleted_on:
        late += (
            f" 대상 {case.recorded:은/는} {korean_date(deleted_on)} 0시에 자동 삭제되며, 그 뒤에는 "
            "열람하거나 제공할 수 없습니다."
        )
    return _letter(case, "신청 보완 요구", (first, Item(late)))


def _filed(case: Case, ends: str) -> str:
    return (
        f"귀하께서 {korean_date(case.applied_on)} 「{case.wording.guideline}」 "
        f"{case.wording.application_article}에 따라 신청하신 행정전화 {case.recorded} "
        f"{case.kind}에 대하여 {ends}"
    )


def _facts(case: Case) -> tuple[Item, ...]:
    return (
        Item(f"관리번호: {case.control_no}"),
        Item(f"신청 구분: {case.kind}"),
        Item(f"대상 통화: {case.call}"),
    )


def _points(label: str, text: str) -> Item:
    """One line stands behind its label, several below it."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) <= 1:
        return Item(f"{label}: {lines[0] if lines else '-'}")
    return Item(label, tuple(Item(line) for line in lines))


def _objection(text: str) -> Item:
    return Item(f"이의 제기: {' '.join(text.split())}")


def _letter(case: Case, what: str, items: tuple[Item, ...]) -> bytes:
    return letter.render(
        letter.Letter(
            wording=case.wording,
            recipient=case.recipient,
            title=f"행정전화 {case.recorded} {case.kind} {what}",
            items=items,
            dated=case.dated,
            document_no=case.control_no,
            drafter=case.drafter,
            decider=case.decider,
            verification_no=case.verification_no,
            verification_url=case.verification_url,
        )
    )
