"""A year of the ledger as a spreadsheet, row by row what the paper and the screen say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from portal.documents.form3 import LedgerRow as PaperRow
from portal.documents.text import korean_datetime
from portal.ledger import sheet
from portal.ledger.models import LedgerRow
from portal.ledger.paper import approval_titles, numbers_of, paper_row
from portal.masking import Shape, shown, shown_applicant, shown_recipient
from portal.runtime import settings

DISCLOSURES = {"inspection": "열람", "provision": "제공"}


def export_rows(
    rows: Sequence[LedgerRow], year: int, *, made_at: datetime, unmasked: bool = False
) -> bytes:
    """An .xlsx; names, addresses and numbers masked as on the screen unless `unmasked`."""
    titles = approval_titles(rows)
    page = sheet.Sheet(f"{year}년", f"{year}년 관리대장", _columns(titles))
    lines = (cells(row, titles, unmasked=unmasked) for row in rows)
    return sheet.written(page, lines, made_at=made_at)


def cells(row: LedgerRow, titles: Sequence[str], *, unmasked: bool = False) -> list[Any]:
    """The values of one row in the order of the columns: int, aware datetime or text."""
    paper: PaperRow = paper_row(row, titles)
    numbers = [shown(Shape.PHONE, number, whole=unmasked) for number in numbers_of(row)]
    called = paper.called_at
    return [
        row.serial,
        row.control_no,
        DISCLOSURES[row.disclosure_type],
        shown_applicant(row.applicant_name, row.applicant_kind, whole=unmasked),
        shown(Shape.ADDRESS, row.affiliation, whole=unmasked),
        called[0] if len(called) == 1 else "\n".join(korean_datetime(at) for at in called),
        "\n".join(numbers),
        row.reason,
        row.basis,
        row.transferor_name,
        shown_recipient(
            row.transferee_name, row.applicant_name, row.applicant_kind, whole=unmasked
        ),
        *paper.approvals,
        row.remarks,
        row.recorded_at,
    ]


def _columns(titles: Sequence[str]) -> list[tuple[str, int]]:
    """Head and width in letters."""
    word = settings().institution.recording_word
    return [
        ("번호", 7),
        ("관리번호", 13),
        ("구분", 7),
        ("신청인", 16),
        ("소속(주소)", 28),
        (f"{word}일시", 18),
        (f"{word} 전화번호", 16),
        ("신청사유", 50),
        ("이용·제공 근거(공문번호)", 26),
        ("인계자", 11),
        ("인수자", 16),
        *((title, 14) for title in titles),
        ("비고", 20),
        ("기록일시", 18),
    ]
