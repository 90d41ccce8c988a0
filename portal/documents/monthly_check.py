"""월 접속기록 점검표: what was looked at, what was odd, and who signed."""

from __future__ import annotations

from dataclasses import dataclass

from portal.documents import sheet
from portal.documents.blocks import Block, Facts, Grid, Items, Sentence, Signer, Signing
from portal.documents.blocks import Item as Point
from portal.documents.wording import Wording


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the check: what was asked, how many, and in words."""

    title: str
    count: int
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyCheck:
    """One month; who has not signed is left blank, to be signed by hand."""

    wording: Wording
    month: str  # 2026년 11월
    events: int
    findings: tuple[Finding, ...]
    opinion: str = ""
    checked_by: str = ""  # title and name
    checked_at: str = ""
    countersign_opinion: str = ""
    countersigned_by: str = ""
    countersigned_at: str = ""
    verification_no: str = ""
    verification_url: str = ""


def render(check: MonthlyCheck) -> bytes:
    """The check as PDF. Raises `DocumentError`."""
    rows = tuple(
        (found.title, f"{found.count:,}건", found.words or "특이사항 없음")
        for found in check.findings
    )
    return sheet.render(
        sheet.Sheet(
            wording=check.wording,
            title=f"접속기록 점검표 ({check.month})",
            blocks=(
                Facts(
                    (
                        ("점검 대상", f"{check.month} 접속기록 {check.events:,}건"),
                        ("점검 근거", "「개인정보의 안전성 확보조치 기준」 제8조 (월 1회 점검)"),
                    )
                ),
                Grid(("점검 항목", "건수", "내용"), (30, 12, 58), rows),
                *_opinion("점검 의견", check.opinion),
                *(
                    _opinion("확인 의견", check.countersign_opinion)
                    if check.countersigned_at
                    else ()
                ),
                _signed(check),
            ),
            verification_no=check.verification_no,
            verification_url=check.verification_url,
        )
    )


def _opinion(label: str, text: str) -> tuple[Block, ...]:
    points = tuple(Point(line) for line in text.splitlines() if line.strip())
    return (Sentence(label), Items(points or (Point("의견 없음"),)))


def _signed(check: MonthlyCheck) -> Block:
    """As signed in the portal, or lines to be signed by hand."""
    if not check.checked_at:
        return Signing(
            None, (Signer("점검자", check.checked_by), Signer("확인자", check.countersigned_by))
        )
    return Facts(
        (
            ("점검자", check.checked_by, "점검 일시", check.checked_at),
            ("확인자", check.countersigned_by, "확인 일시", check.countersigned_at),
        )
    )
