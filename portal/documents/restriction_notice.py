"""사용 제한 통지서 (제9조): a letter in the style of Korean official papers, with its receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.documents.blocks import Item, Items
from portal.documents.errors import DocumentError
from portal.documents.fields import cleaned
from portal.documents.images import qr_image
from portal.documents.press import pressed
from portal.documents.render import render_pdf
from portal.documents.text import korean_date
from portal.documents.wording import Wording

LONGEST_FACTS = 1_000  # characters
_MOST_LINES = 15  # of the facts, as typed


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionNotice:
    """One notice to one person; every box is filled."""

    wording: Wording
    sender: str  # 발신명의: the head of the operating department, such as 정보통신과장
    number: str  # 시행 번호
    department: str
    rank: str
    name: str
    ground_article: str  # 제9조제2호
    ground_text: str
    reason: str  # the facts
    scope: tuple[str, ...]
    from_on: date
    last_on: date | None = None  # the last day, itself included; None: until it is lifted
    #: Who takes in an application of the person as a party meanwhile (제7조①2).
    counter_title: str
    drafter_title: str = ""
    drafter_name: str = ""
    decider_title: str = ""
    decider_name: str = ""
    decided_on: date
    verification_no: str = ""
    verification_url: str = ""  # what the QR holds; the number where empty


@pressed
def render(notice: RestrictionNotice) -> bytes:
    """The letter and, as 붙임, the receipt to be signed by hand. Raises `DocumentError`."""
    notice = cleaned(notice, {"reason": LONGEST_FACTS})
    if notice.reason.count("\n") >= _MOST_LINES:
        raise DocumentError(f"사실관계는 {_MOST_LINES}줄까지 적을 수 있습니다. 줄을 합쳐 주세요.")
    recipient = " ".join(p for p in (notice.department, notice.rank, notice.name) if p)
    return render_pdf(
        "restriction_notice.html",
        notice=notice,
        wording=notice.wording,
        recipient=recipient,
        body=Items(_points(notice, recipient)),
        decided_on=korean_date(notice.decided_on),
        received_on=_blank_day(),
        qr=qr_image(notice.verification_no and (notice.verification_url or notice.verification_no)),
    )


def period(from_on: date, last_on: date | None) -> str:
    """`2026. 12. 1.부터 2026. 12. 31.까지`, or until it is lifted."""
    start = f"{korean_date(from_on)}부터"
    return f"{start} {korean_date(last_on)}까지" if last_on else f"{start} 해제할 때까지"


def _points(notice: RestrictionNotice, recipient: str) -> tuple[Item, ...]:
    wording = notice.wording
    facts = [line.strip() for line in notice.reason.splitlines() if line.strip()]
    told = (
        Item("사실관계", tuple(Item(line) for line in facts))
        if len(facts) > 1
        else Item(f"사실관계: {''.join(facts)}")
    )
    return (
        Item(
            f"「{wording.guideline}」 {wording.restriction_article}에 따라 귀하의 "
            f"{wording.recording}시스템 사용을 다음과 같이 제한함을 통지합니다.",
            (
                Item(f"대상자: {recipient}"),
                Item(f"제한 사유: {notice.ground_article} ({notice.ground_text})"),
                told,
                Item(f"제한 범위: {', '.join(notice.scope)}"),
                Item(f"제한 기간: {period(notice.from_on, notice.last_on)}"),
            ),
        ),
        Item(
            "제한은 위 기간의 첫날부터 적용합니다. 다만, 이 통지서를 받은 날이 그보다 늦으면 받은 "
            "때부터 적용합니다."
        ),
        Item(
            f"제한 기간에도 같은 지침 {wording.party_article}에 따라 통화 당사자로서 "
            f"{wording.information}의 열람·제공을 신청할 수 있으며, 이 경우 "
            f"{notice.counter_title}에게 신청하시기 바랍니다."
        ),
        Item(
            f"이 제한에 이의가 있거나 제한의 해제를 요청하려면 {notice.sender}에게 의견을 "
            "제출하시기 바랍니다."
        ),
    )


def _blank_day() -> str:
    gap = "\u00a0" * 6
    return f"20{gap}년{gap}월{gap}일"
