"""A spreadsheet of typed cells: numbers, moments and text, where text is never computed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from portal import clock
from portal.documents.text import printable
from portal.runtime import settings

# Typed text is text: "=HYPERLINK(…)" is shown, never computed, and no address becomes a link.
_SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}
_MOMENT = "yyyy. m. d. hh:mm"
#: What a spreadsheet takes for the start of a formula when a text is pasted or saved as CSV.
_FORMULA_SIGNS = ("=", "+", "-", "@")


@dataclass(frozen=True)
class Sheet:
    """Head and width in letters of each column; cells are int, aware datetime or text."""

    name: str
    title: str
    columns: Sequence[tuple[str, int]]
    frozen_columns: int = 2


def written(sheet: Sheet, lines: Iterable[Sequence[Any]], *, made_at: datetime) -> bytes:
    """The .xlsx: types, widths, a frozen head, a filter, ready to be printed."""
    import xlsxwriter  # only where sheets are written, not in every web worker

    output = BytesIO()
    book = xlsxwriter.Workbook(output, _SAFE)
    book.set_properties(
        {
            "title": sheet.title,
            "author": settings().institution.name,
            "created": clock.seoul(made_at).replace(tzinfo=None),
        }
    )
    page = book.add_worksheet(sheet.name)
    _write_head(book, page, sheet)
    formats = _formats(book)
    count = 0
    for count, cells in enumerate(lines, 1):
        for column, value in enumerate(cells):
            _write(page, count, column, value, formats)
    page.autofilter(0, 0, count, len(sheet.columns) - 1)
    book.close()
    return output.getvalue()


def _write_head(book: Any, page: Any, sheet: Sheet) -> None:
    look = {"bold": True, "align": "center", "valign": "vcenter", "border": 1, "text_wrap": True}
    head = book.add_format({**look, "bg_color": "#E8ECF1"})
    for column, (title, width) in enumerate(sheet.columns):
        page.write_string(0, column, title, head)
        page.set_column(column, column, width)
    page.freeze_panes(1, sheet.frozen_columns)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _formats(book: Any) -> dict[str, Any]:
    common = {"valign": "top", "border": 1}
    text = {**common, "num_format": "@", "text_wrap": True}
    return {
        "int": book.add_format({**common, "num_format": "0"}),
        "moment": book.add_format({**common, "num_format": _MOMENT, "align": "left"}),
        "text": book.add_format(text),
        # Marked as text to the program too: editing the cell does not make a formula of it.
        "quoted": book.add_format({**text, "quote_prefix": True}),
    }


def _write(page: Any, line: int, column: int, value: Any, formats: dict[str, Any]) -> None:
    if isinstance(value, datetime):
        page.write_datetime(line, column, clock.seoul(value), formats["moment"])
    elif isinstance(value, int):
        page.write_number(line, column, value, formats["int"])
    else:
        text = printable(value).strip()
        looks_computed = text.startswith(_FORMULA_SIGNS)
        page.write_string(line, column, text, formats["quoted" if looks_computed else "text"])
