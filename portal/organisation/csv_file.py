"""Reading a CSV that somebody uploaded: what is none is refused before a line of it is believed.

UTF-8 (with or without BOM) and CP949, as spreadsheets save them in Korea. Nothing is guessed and
nothing is calculated: a cell that a spreadsheet would take for a formula is a mistake of its line.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.applications.resident_number import holds_resident_number

LONGEST_FILE = 1024 * 1024  # bytes
MOST_LINES = 5000
LONGEST_CELL = 200  # characters
_MOST_COLUMNS = 40
_FORMULA = ("=", "+", "-", "@")
_DATE = re.compile(r"(\d{4})\s*[-./]\s*(\d{1,2})\s*[-./]\s*(\d{1,2})\s*\.?|(\d{4})(\d{2})(\d{2})")


class FileRefused(Exception):
    """The file cannot be read as the table it should be; `str()` says what to do, in Korean."""


class LineRefused(Exception):
    """One line is wrong; `str()` says how to correct it, in Korean."""


class TakenMeanwhile(LineRefused):
    """Somebody else added the same thing at the same moment: what was typed may be sent again."""


@dataclass(frozen=True)
class Row:
    """A line of the file: its number there, and its cells by column name."""

    number: int
    cells: dict[str, str]
    surplus: bool = False

    def text(self, column: str, *, longest: int = 100, asked: bool = True) -> str:
        """A cell as typed text. Raises `LineRefused`."""
        found = self.cells.get(column, "")
        if not found and asked:
            raise LineRefused(f"'{column}' 칸이 비어 있습니다.")
        if len(found) > longest:
            raise LineRefused(f"'{column}' 칸은 {longest}자까지입니다.")
        return found

    def day(self, column: str, *, asked: bool = True) -> date | None:
        """A cell as a day: 2026-11-23, 2026.11.23, 20261123. Raises `LineRefused`."""
        typed = self.text(column, asked=asked)
        if not typed:
            return None
        found = _DATE.fullmatch(typed)
        try:
            day = date(*(int(part) for part in found.groups() if part)) if found else None
        except ValueError:
            day = None
        if day is None or not 1950 <= day.year <= 2999:
            raise LineRefused(f"'{column}' 칸의 날짜를 2026-11-23처럼 적어 주십시오.")
        return day

    def check(self) -> None:
        """What no cell of any table may hold. Raises `LineRefused`."""
        if self.surplus:
            raise LineRefused("칸이 제목보다 많습니다. 쉼표가 더 들어갔는지 확인해 주십시오.")
        for column, cell in self.cells.items():
            if cell.startswith(_FORMULA):
                raise LineRefused(f"'{column}' 칸이 수식처럼 시작합니다. 글자로 고쳐 주십시오.")
            if len(cell) > LONGEST_CELL:
                raise LineRefused(f"'{column}' 칸이 너무 깁니다 ({LONGEST_CELL}자까지).")
            if holds_resident_number(cell):
                raise LineRefused(f"'{column}' 칸에 주민등록번호가 있습니다. 지워 주십시오.")


def rows_of(data: bytes, columns: Sequence[str], optional: frozenset[str]) -> list[Row]:
    """The lines below the header. Raises `FileRefused`.

    `columns` are the names the header may have, in any order; all but `optional` must be there.
    """
    text = _decoded(data)
    expected = f"첫 줄의 제목은 '{','.join(columns)}'입니다."
    try:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        header = [_clean(cell) for cell in next(reader, [])]
        _check_header(header, columns, optional, expected)
        rows = [_row(reader.line_num, header, cells) for cells in reader if any(cells)]
    except csv.Error as error:
        raise FileRefused(
            "CSV 형식이 아닙니다. 따옴표가 닫혔는지 확인하거나 다시 저장해 주십시오."
        ) from error
    if not rows:
        raise FileRefused(f"제목 아래에 줄이 없습니다. {expected}")
    return rows


def _decoded(data: bytes) -> str:
    if not data:
        raise FileRefused("빈 파일입니다. 내용이 있는 CSV 파일을 골라 주십시오.")
    if len(data) > LONGEST_FILE:
        raise FileRefused("파일이 너무 큽니다. 1MB보다 작게 나누어 주십시오.")
    if data.startswith(b"PK"):
        raise FileRefused(
            "엑셀 파일입니다. 엑셀에서 'CSV UTF-8(쉼표로 분리)'로 저장하여 올려 주십시오."
        )
    for encoding in ("utf-8-sig", "cp949"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _checked(unicodedata.normalize("NFC", text))
    raise FileRefused("글자를 읽을 수 없습니다. UTF-8이나 CP949로 저장하여 올려 주십시오.")


def _checked(text: str) -> str:
    if any(unicodedata.category(c) == "Cc" and c not in "\r\n\t" for c in text):
        raise FileRefused("글이 아닌 내용이 들어 있습니다. CSV 파일인지 확인해 주십시오.")
    lines = re.split(r"\r\n|\r|\n", text)
    if len(lines) > MOST_LINES + 2:
        raise FileRefused(f"줄이 너무 많습니다. {MOST_LINES:,}줄보다 작게 나누어 주십시오.")
    if any(line.count(",") >= _MOST_COLUMNS for line in lines):
        raise FileRefused("칸이 너무 많습니다. 필요한 칸만 남겨 주십시오.")
    return text


def _check_header(
    header: list[str], columns: Sequence[str], optional: frozenset[str], expected: str
) -> None:
    named = [name for name in header if name]
    if unknown := [name for name in named if name not in columns]:
        raise FileRefused(f"알 수 없는 제목이 있습니다: {unknown[0][:30]}. {expected}")
    if len(set(named)) != len(named):
        raise FileRefused(f"같은 제목이 두 번 있습니다. {expected}")
    if missing := [name for name in columns if name not in named and name not in optional]:
        raise FileRefused(f"'{missing[0]}' 제목이 없습니다. {expected}")


def _row(number: int, header: list[str], cells: list[str]) -> Row:
    known = {name: _clean(cell) for name, cell in zip(header, cells, strict=False) if name}
    return Row(number, known, surplus=any(cell.strip() for cell in cells[len(header) :]))


def _clean(cell: str) -> str:
    return " ".join(cell.split())
