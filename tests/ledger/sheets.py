"""Reading a spreadsheet by other means than those that wrote it: the XML inside."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime, timedelta
from xml.etree import ElementTree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  (Excel's own day 0)


def sheet_xml(book: bytes) -> str:
    return _part(book, "xl/worksheets/sheet1.xml")


def styles_xml(book: bytes) -> str:
    return _part(book, "xl/styles.xml")


def rows_of(book: bytes) -> list[list[str | float]]:
    """The cells of the first sheet: text, or number."""
    shared = ["".join(found.itertext()) for found in _strings(book)]
    rows = []
    for row in ElementTree.fromstring(sheet_xml(book)).iter(f"{_MAIN}row"):  # noqa: S314
        cells: list[str | float] = []
        for cell in row.iter(f"{_MAIN}c"):
            value = cell.findtext(f"{_MAIN}v") or ""
            assert cell.find(f"{_MAIN}f") is None, "a formula"
            if cell.get("t") == "s":
                cells.append(shared[int(value)])
            else:
                cells.append(float(value) if value else "")
        rows.append(cells)
    return rows


def moment(serial: str | float) -> datetime:
    """Excel's day number as wall clock."""
    return _EPOCH + timedelta(minutes=round(float(serial) * 24 * 60))


def number_formats(book: bytes) -> set[str]:
    return set(re.findall(r'formatCode="([^"]*)"', _part(book, "xl/styles.xml")))


def _strings(book: bytes) -> list[ElementTree.Element]:
    root = ElementTree.fromstring(_part(book, "xl/sharedStrings.xml"))  # noqa: S314
    return list(root.iter(f"{_MAIN}si"))


def _part(book: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        return parts.read(name).decode()
