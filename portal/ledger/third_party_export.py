"""A year of the statutory ledger as a spreadsheet, line by line what the paper says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from portal.ledger import sheet
from portal.ledger.third_party import Entry
from portal.ledger.third_party_paper import paper_line
from portal.masking import Shape, shown, shown_applicant

_COLUMNS: tuple[tuple[str, int], ...] = (
    ("번호", 10),
    ("관리번호", 13),
    ("개인정보파일의 명칭", 22),
    ("구분", 18),
    ("제공받는 기관", 24),
    ("담당자 소속", 18),
    ("담당자 성명", 16),
    ("담당자 연락처", 16),
    ("제공한 날", 13),
    ("형태", 22),
    ("법적 근거", 40),
    ("제공받는 목적", 32),
    ("개인정보의 항목", 32),
    ("요청한 조치", 44),
    ("공개", 28),
    ("기록일시", 18),
)


def export_entries(
    entries: Sequence[Entry], year: int, *, made_at: datetime, unmasked: bool = False
) -> bytes:
    """An .xlsx; names of people masked unless `unmasked`."""
    page = sheet.Sheet(f"{year}년", f"{year}년 제3자 제공 대장", _COLUMNS)
    lines = (cells(entry, unmasked=unmasked) for entry in entries)
    return sheet.written(page, lines, made_at=made_at)


def cells(entry: Entry, *, unmasked: bool = False) -> list[Any]:
    """The values of one line in the order of the columns."""
    line = paper_line(entry)
    return [
        line.number,
        line.control_no,
        line.file_name,
        line.use,
        shown_applicant(line.recipient, entry.application.applicant_kind, whole=unmasked),
        line.officer_department,
        line.officer_name if unmasked else _masked_officer(entry),
        line.officer_contact if unmasked else "",
        line.provided_on,
        line.form,
        line.basis,
        line.purpose,
        line.items,
        line.measures,
        line.published,
        entry.row.recorded_at,
    ]


def _masked_officer(entry: Entry) -> str:
    name = entry.application.official_name
    parts = (entry.application.official_rank, shown(Shape.NAME, name) if name else "")
    return " ".join(part for part in parts if part)
