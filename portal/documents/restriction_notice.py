"""사용 제한 통지서 (제9조): a letter in the style of Korean official papers, with its receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.documents.errors import DocumentError
from portal.documents.fields import cleaned
from portal.documents.images import qr_image
from portal.documents.render import render_pdf
from portal.documents.text import korean_date, korean_long_date
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


def render(notice: RestrictionNotice) -> bytes:
    """The letter and, as 붙임, the receipt to be signed by hand. Raises `DocumentError`."""
    notice = cleaned(notice, {"reason": LONGEST_FACTS})
    if notice.reason.count("\n") >= _MOST_LINES:
        raise DocumentError(f"사실관계는 {_MOST_LINES}줄까지 적을 수 있습니다. 줄을 합쳐 주세요.")
    return render_pdf(
        "restriction_notice.html",
        notice=notice,
        wording=notice.wording,
        recipient=" ".join(p for p in (notice.department, notice.rank, notice.name) if p),
        period=period(notice.from_on, notice.last_on),
        decided_on=korean_date(notice.decided_on),
        received_on=_blank_day(),
        signed_day=korean_long_date(notice.decided_on),
        qr=qr_image(notice.verification_no and (notice.verification_url or notice.verification_no)),
    )


def period(from_on: date, last_on: date | None) -> str:
    """`2026. 12. 1.부터 2026. 12. 31.까지`, or until it is lifted."""
    start = f"{korean_date(from_on)}부터"
    return f"{start} {korean_date(last_on)}까지" if last_on else f"{start} 해제할 때까지"


def _blank_day() -> str:
    gap = "\u00a0" * 6
    return f"20{gap}년{gap}월{gap}일"
