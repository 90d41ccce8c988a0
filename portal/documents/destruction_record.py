"""파기 기록: one act of destruction (제8조①) as the portal wrote it down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from portal.documents import sheet
from portal.documents.blocks import Facts, Sentence, Signing
from portal.documents.text import korean_date, korean_datetime
from portal.documents.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class DestructionRecord:
    """What was destroyed, without a word of whose it was."""

    wording: Wording
    deleted_on: date  # 0:00 of this day
    destroyed_at: datetime  # aware
    by: str  # what did it, in words
    cause: str  # in words
    recordings: int
    quarantined: int
    hashes: int  # how many originals are named by their SHA-256
    hashes_sha256: str  # of all these values in order, 32 bytes each
    record_no: str
    printed_on: date
    verification_no: str = ""
    verification_url: str = ""


def render(record: DestructionRecord) -> bytes:
    """The record as PDF. Raises `DocumentError`."""
    wording = record.wording
    recorded = wording.information
    rows = (
        ("기록 번호", record.record_no),
        ("파기 대상", f"보관기간이 {korean_date(record.deleted_on)} 0시에 끝난 {recorded}"),
        ("파기 근거", f"「{wording.guideline}」 {wording.retention_article}"),
        ("파기 사유", record.cause),
        ("파기 일시", korean_datetime(record.destroyed_at)),
        ("파기한 것", record.by),
        ("파기 수량", f"{recorded} {record.recordings:,}건, 반입 보류 {record.quarantined:,}건"),
        (
            "파기 방법",
            "그날의 암호 열쇠를 먼저 파기하고, 암호화된 파일을 지운 뒤 전화번호 등 기록을 지움",
        ),
        ("원본 지문", f"SHA-256 {record.hashes:,}개\n전체 값의 SHA-256: {record.hashes_sha256}"),
    )
    return sheet.render(
        sheet.Sheet(
            wording=wording,
            title=f"행정전화 {recorded} 파기 기록",
            blocks=(
                Facts(rows),
                Sentence("위와 같이 파기하였음이 포털에 기록되어 있음을 확인합니다."),
                Signing(record.printed_on),
            ),
            issuer=wording.addressee,
            verification_no=record.verification_no,
            verification_url=record.verification_url,
        )
    )
