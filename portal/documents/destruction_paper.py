"""파기 확인서 of one provision (제10조제3호): to be signed on paper, or as it was confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.documents import sheet
from portal.documents.blocks import Block, Facts, Sentence, Signer, Signing
from portal.documents.text import korean_date
from portal.documents.wording import Wording

_WAYS = "□ 완전 삭제    □ 매체 파쇄    □ 그 밖의 방법 (                    )"
_COPIES = "□ 만들지 않음    □ 모두 함께 파기함"
_BLANK_DAY = "20    년    월    일"


@dataclass(frozen=True, slots=True, kw_only=True)
class DestructionPaper:
    """What the portal knows; what only the holder knows is left to their hand until they told."""

    wording: Wording
    control_no: str
    holder: str
    contact: str = ""
    provided_on: date
    files: int
    media: tuple[str, ...] = ()
    destroyed_on: date | None = None  # None: not confirmed yet
    told: str = ""  # how, when and to whom, in words
    note: str = ""
    verification_no: str = ""
    verification_url: str = ""


def render(paper: DestructionPaper) -> bytes:
    """The paper, filled as far as it is known. Raises `DocumentError`."""
    wording = paper.wording
    done = paper.destroyed_on is not None
    destroyed = korean_date(paper.destroyed_on) if paper.destroyed_on else _BLANK_DAY
    rows = [
        ("관리번호", paper.control_no, "제공받은 날", korean_date(paper.provided_on)),
        ("성명\n(기관·단체명)", paper.holder, "연락처", paper.contact),
        ("제공받은 파일 수", f"{paper.files}개", "파기한 날", destroyed),
        ("저장한 매체와 수", ", ".join(paper.media)),
        *((("확인한 방법", paper.told), ("비고", paper.note)) if done else _by_hand()),
    ]
    ends: tuple[Block, ...] = (Signing(paper.destroyed_on),)
    if not done:
        ends = (Signing(None, (Signer("확인하는 사람", paper.holder),)),)
    return sheet.render(
        sheet.Sheet(
            wording=wording,
            title=f"행정전화 {wording.information} 파기 확인서",
            blocks=(Facts(tuple(rows), by_hand=not done), Sentence(_sentence(paper)), *ends),
            control_no=paper.control_no,
            issuer=wording.addressee if done else "",
            addressee="" if done else wording.addressee,
            verification_no=paper.verification_no,
            verification_url=paper.verification_url,
        )
    )


def _by_hand() -> tuple[tuple[str, ...], ...]:
    return (("파기 방법", _WAYS), ("사본", _COPIES))


def _sentence(paper: DestructionPaper) -> str:
    wording = paper.wording
    who = "위 사람은" if paper.destroyed_on else "본인은"
    ends = "파기하였음을 확인하였습니다." if paper.destroyed_on else "파기하였음을 확인합니다."
    return (
        f"{who} 제공받은 {wording.information}의 당초 요구 목적을 달성하여 "
        f"「{wording.guideline}」 {wording.security_article}에 따라 "
        f"{wording.information:과/와} 그 사본을 위와 같이 모두 {ends}"
    )
