"""A year of the ledger as a spreadsheet, row by row what the paper and the screen say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from portal import clock
from portal.documents.form3 import LedgerRow as PaperRow
from portal.documents.text import korean_datetime, printable
from portal.ledger.masking import masked_address, masked_numbers
from portal.ledger.models import LedgerRow
from portal.ledger.paper import approval_titles, numbers_of, paper_row
from portal.runtime import settings
from portal.web.masking import masked_name

DISCLOSURES = {"inspection": "열람", "provision": "제공"}
# Typed text is text: "=HYPERLINK(…)" is shown, never computed, and no address becomes a link.
_SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}
_MOMENT = "yyyy. m. d. hh:mm"


def export_rows(
    rows: Sequence[LedgerRow], year: int, *, made_at: datetime, unmasked: bool = False
) -> bytes:
    """An .xlsx; names, addresses and numbers masked as on the screen unless `unmasked`."""
    output = BytesIO()
    book = xlsxwriter.Workbook(output, _SAFE)
    titles = approval_titles(rows)
    columns = _columns(titles)
    book.set_properties(
        {
            "title": f"{year}년 관리대장",
            "author": settings().institution.name,
            "created": clock.seoul(made_at).replace(tzinfo=None),
        }
    )
    sheet = book.add_worksheet(f"{year}년")
    _write_head(book, sheet, columns)
    formats = _formats(book)
    for line, row in enumerate(rows, 1):
        for column, value in enumerate(cells(row, titles, unmasked=unmasked)):
            _write(sheet, line, column, value, formats)
    sheet.autofilter(0, 0, len(rows), len(columns) - 1)
    book.close()
    return output.getvalue()


def cells(row: LedgerRow, titles: Sequence[str], *, unmasked: bool = False) -> list[Any]:
    """The values of one row in the order of the columns: int, aware datetime or text."""
    paper: PaperRow = paper_row(row, titles)
    name = (lambda text: text) if unmasked else masked_name
    numbers = numbers_of(row) if unmasked else masked_numbers(row)
    called = paper.called_at
    return [
        row.serial,
        row.control_no,
        DISCLOSURES[row.disclosure_type],
        name(row.applicant_name),
        row.affiliation if unmasked else masked_address(row.affiliation),
        called[0] if len(called) == 1 else "\n".join(korean_datetime(at) for at in called),
        "\n".join(numbers),
        row.reason,
        row.basis,
        row.transferor_name,
        name(row.transferee_name),
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


def _write_head(book: Any, sheet: Any, columns: Sequence[tuple[str, int]]) -> None:
    look = {"bold": True, "align": "center", "valign": "vcenter", "border": 1, "text_wrap": True}
    head = book.add_format({**look, "bg_color": "#E8ECF1"})
    for column, (title, width) in enumerate(columns):
        sheet.write_string(0, column, title, head)
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _formats(book: Any) -> dict[type, Any]:
    common = {"valign": "top", "border": 1}
    return {
        int: book.add_format({**common, "num_format": "0"}),
        datetime: book.add_format({**common, "num_format": _MOMENT, "align": "left"}),
        str: book.add_format({**common, "num_format": "@", "text_wrap": True}),
    }


def _write(sheet: Any, line: int, column: int, value: Any, formats: dict[type, Any]) -> None:
    if isinstance(value, datetime):
        sheet.write_datetime(line, column, clock.seoul(value), formats[datetime])
    elif isinstance(value, int):
        sheet.write_number(line, column, value, formats[int])
    else:
        sheet.write_string(line, column, printable(value), formats[str])
