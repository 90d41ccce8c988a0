"""사용 제한 해제 통지서 (제9조): a letter that ends a restriction which a letter began."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from portal.documents import letter
from portal.documents.blocks import Item
from portal.documents.text import korean_date, korean_datetime
from portal.documents.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftNotice:
    """What was lifted, when and why; texts as they are printed."""

    wording: Wording
    sender: str  # 발신명의
    number: str  # of the notice that began it
    decided_on: date  # of that notice
    recipient: str  # department, rank and name
    ground: str  # article and its words
    period: str
    scope: str
    lifted_at: datetime  # aware
    lifted_by: str  # title and name
    reason: str
    dated: date
    verification_no: str = ""
    verification_url: str = ""


def render(notice: LiftNotice) -> bytes:
    """The letter as PDF. Raises `DocumentError`."""
    wording = notice.wording
    first = Item(
        f"「{wording.guideline}」 {wording.restriction_article}에 따라 귀하에게 통지한 "
        f"{wording.recording}시스템 사용 제한을 다음과 같이 해제함을 통지합니다.",
        (
            Item(f"대상자: {notice.recipient}"),
            Item(f"해제하는 통지: {notice.number} ({korean_date(notice.decided_on)})"),
            Item(f"제한 사유: {notice.ground}"),
            Item(f"제한 범위: {notice.scope}"),
            Item(f"제한 기간: {notice.period}"),
            Item(f"해제 일시: {korean_datetime(notice.lifted_at)}"),
            _reason(notice.reason),
            Item(f"해제 결정: {notice.lifted_by}"),
        ),
    )
    second = Item(
        f"위 일시부터 {wording.recording}시스템을 다시 사용할 수 있습니다. 사용할 때에는 같은 "
        "지침을 지켜 주시기 바랍니다."
    )
    return letter.render(
        letter.Letter(
            wording=wording,
            recipient=notice.recipient,
            title=f"행정전화 {wording.recording}시스템 사용 제한 해제 통지",
            items=(first, second),
            dated=notice.dated,
            document_no=notice.number,
            sender=notice.sender,
            verification_no=notice.verification_no,
            verification_url=notice.verification_url,
        )
    )


def _reason(text: str) -> Item:
    """One line stands behind its label, several below it."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) <= 1:
        return Item(f"해제 사유: {lines[0] if lines else '-'}")
    return Item("해제 사유", tuple(Item(line) for line in lines))
