"""별지 제3호서식: the ledger of inspections and provisions (제7조④), landscape, 15 rows a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.documents.errors import DocumentError
from portal.documents.fields import LONGEST_REASON, cleaned
from portal.documents.fit import count_lines, split_text
from portal.documents.images import qr_image
from portal.documents.joined import joined
from portal.documents.press import pressed
from portal.documents.render import render_pdf
from portal.documents.text import korean_datetime
from portal.documents.wording import Wording
from portal.phones import shown

_SIZE, _LINE, _PADDING = 8.0, 10.8, 5.5  # points
_ROWS_A_PAGE = 15
_PAGES_A_PART = 8
_PAGE = 411.0  # points for the rows of one page
_LONGEST_ROW = 37  # lines; a longer row goes on in the next one
_LEAST_LINES = 2  # 구분 always takes two
_WIDTH = 773.9  # points, 273 mm
_CELL_PADDING = 5.0  # points, both sides
_LIMITS = {"reason": LONGEST_REASON}


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One row as it is printed; the serial without gaps is drawn elsewhere."""

    number: str  # 번호
    disclosure_type: str  # "inspection" or "provision"
    applicant: str
    affiliation_or_address: str = ""
    called_at: tuple[datetime, ...] = ()  # aware, one a recording
    phone_numbers: tuple[str, ...] = ()  # digits or words
    reason: str = ""
    legal_basis: str = ""  # 이용·제공 근거, such as 제7조제1항제2호
    official_doc_no: str = ""  # 공문번호
    transferor: str = ""
    transferee: str = ""
    approvals: tuple[str, ...] = ()  # one for each of the ledger's approval titles, in order
    remarks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The rows of one print, in the order they are printed."""

    wording: Wording
    rows: tuple[LedgerRow, ...] = ()
    approval_titles: tuple[str, ...] = ()  # 팀장, 과장: one to three columns under 결재
    period: str = ""  # outside the frame, such as "2026년"
    verification_no: str = ""
    verification_url: str = ""  # what the QR holds; the number where empty


@dataclass(frozen=True, slots=True)
class _Line:
    """The cells of one printed row, in the order of the columns but without 구분."""

    disclosure_type: str
    cells: tuple[str, ...]
    lines: int


@pressed
def render(ledger: Ledger, progress: Callable[[int, int], None] | None = None) -> bytes:
    """Form 3 as PDF: one table a page, linear in rows (1,000 rows take about 10 s).

    `progress(done, all)` is told after every few pages. Raises `DocumentError` where it cannot be
    printed whole.
    """
    pages = _pages(ledger)
    parts = []
    for first in range(0, len(pages), _PAGES_A_PART):
        parts.append(_draw(ledger, pages, first))
        if progress:
            progress(min(first + _PAGES_A_PART, len(pages)), len(pages))
    if len(parts) == 1:
        return parts[0]
    return joined(parts, ledger.wording.ledger_title, ledger.wording.institution)


def _pages(ledger: Ledger) -> list[list[_Line]]:
    titles = len(ledger.approval_titles)
    if not 1 <= titles <= 3 or any(len(row.approvals) > titles for row in ledger.rows):
        raise DocumentError("관리대장의 결재 칸은 하나에서 셋까지입니다. 결재선 설정을 확인하세요.")
    if any(row.disclosure_type not in ("inspection", "provision") for row in ledger.rows):
        raise DocumentError("관리대장의 각 줄은 열람이나 제공이어야 합니다.")
    widths = _widths(titles)
    inner = [width * _WIDTH / 100 - _CELL_PADDING for width in widths]
    lines = [
        part
        for row in ledger.rows
        for part in _split(_cells(cleaned(row, _LIMITS), titles), row.disclosure_type, inner)
    ]
    return list(_paginate(lines))


def _draw(ledger: Ledger, pages: Sequence[list[_Line]], first: int) -> bytes:
    """A few pages from `first` (from 0) on; the last of all is filled up and carries the number."""
    part = pages[first : first + _PAGES_A_PART]
    ends = first + len(part) == len(pages)
    number = ledger.verification_no
    return render_pdf(
        "form3.html",
        pages=len(part),
        wording=ledger.wording,
        ledger=ledger,
        titles=ledger.approval_titles,
        table_pages=part,
        first_page=first + 1,
        all_pages=len(pages),
        ends=ends,
        empty_rows=_empty_rows(part[-1]),
        widths=_widths(len(ledger.approval_titles)),
        qr=qr_image(number and (ledger.verification_url or number)) if ends else "",
    )


def _widths(titles: int) -> list[float]:
    """Percent of each column in the order of `_cells`; 구분 has 6, 신청사유 what is left."""
    approval = max(10.0 / titles, 4.0) if titles > 1 else 6.0  # a name of three syllables fits
    fixed = [4.0, 7.5, 12.5, 10.6, 9.5, 0.0, 10.5, 6.0, 6.0, *[approval] * titles, 5.0]
    fixed[5] = 94.0 - sum(fixed)
    return fixed


def _cells(row: LedgerRow, titles: int) -> tuple[str, ...]:
    basis = row.legal_basis
    if row.official_doc_no:
        basis = f"{basis}\n({row.official_doc_no})" if basis else f"({row.official_doc_no})"
    approvals = [*row.approvals, *[""] * titles][:titles]
    return (
        row.number,
        row.applicant,
        row.affiliation_or_address,
        "\n".join(korean_datetime(moment) for moment in row.called_at),
        "\n".join(dict.fromkeys(shown(number) for number in row.phone_numbers)),
        row.reason,
        basis,
        row.transferor,
        row.transferee,
        *approvals,
        row.remarks,
    )


def _split(
    cells: tuple[str, ...], disclosure_type: str, widths: Sequence[float]
) -> Iterator[_Line]:
    """A row, and where a text is longer than a page the rows in which it goes on."""
    number, left = cells[0], list(cells)
    while any(left):
        parts = [
            split_text(text, width, _SIZE, _LONGEST_ROW)
            for text, width in zip(left, widths, strict=True)
        ]
        now = [part for part, _ in parts]
        left = [rest for _, rest in parts]
        if any(left):
            left[0] = f"{number}\n(계속)"
        counts = [count_lines(t, w, _SIZE) for t, w in zip(now, widths, strict=True)]
        yield _Line(disclosure_type, tuple(now), max(*counts, _LEAST_LINES))


def _paginate(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    page: list[_Line] = []
    used = 0.0
    for line in lines:
        height = _height(line.lines)
        if page and (len(page) == _ROWS_A_PAGE or used + height > _PAGE):
            yield page
            page, used = [], 0.0
        page.append(line)
        used += height
    yield page


def _empty_rows(page: Sequence[_Line]) -> int:
    """Rows that fill the last page below what is written; the first says "이하 빈칸"."""
    used = sum(_height(line.lines) for line in page)
    room = int((_PAGE - used) / _height(_LEAST_LINES))
    return min(max(room, 0), _ROWS_A_PAGE - len(page))


def _height(lines: int) -> float:
    return lines * _LINE + _PADDING
