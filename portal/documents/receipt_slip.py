"""접수증: what the applicant takes home from the counter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from portal.documents import sheet
from portal.documents.blocks import Facts, Item, Items, Signing
from portal.documents.text import korean_date, korean_datetime
from portal.documents.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptSlip:
    """One received application; moments aware, days in Seoul."""

    wording: Wording
    control_no: str
    applicant: str
    disclosure_type: str
    call: str
    received_at: datetime
    received_by: str  # department, rank and name
    due_on: date | None = None
    deleted_on: date | None = None  # 0:00 of this day
    verification_no: str = ""
    verification_url: str = ""


def render(slip: ReceiptSlip) -> bytes:
    """The slip as PDF. Raises `DocumentError`."""
    recorded = slip.wording.information
    kind = {"inspection": "열람", "provision": "제공"}[slip.disclosure_type]
    rows: list[tuple[str, ...]] = [
        ("관리번호", slip.control_no, "신청 구분", kind),
        ("신청인", slip.applicant),
        ("대상 통화", slip.call),
        ("접수일시", korean_datetime(slip.received_at), "처리기한", _day(slip.due_on)),
        ("접수자", slip.received_by),
    ]
    advice = [
        Item("처리 상황을 물으실 때에는 위의 관리번호를 말씀하여 주십시오."),
        Item(
            f"{recorded:을/를} {kind}받으실 때에는 본인을 확인할 수 있는 신분증을 가지고 오십시오. "
            "인계·인수증에 서명하신 뒤 받으실 수 있습니다."
        ),
    ]
    if slip.deleted_on:
        advice.append(
            Item(
                f"대상 {recorded:은/는} 「{slip.wording.guideline}」 "
                f"{slip.wording.retention_article}에 따라 {korean_date(slip.deleted_on)} 0시에 "
                "자동 삭제되며 늦출 수 없습니다."
            )
        )
    return sheet.render(
        sheet.Sheet(
            wording=slip.wording,
            title=f"행정전화 {recorded} {kind} 신청 접수증",
            blocks=(Facts(tuple(rows)), Items(tuple(advice)), Signing(slip.received_at)),
            control_no=slip.control_no,
            issuer=slip.wording.addressee,
            verification_no=slip.verification_no,
            verification_url=slip.verification_url,
        )
    )


def _day(day: date | None) -> str:
    return korean_date(day) if day else "-"
