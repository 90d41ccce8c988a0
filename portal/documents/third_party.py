"""「개인정보의 목적 외 이용 및 제3자 제공 대장」 (개인정보 보호법 시행규칙†).

One framed block a line, as many to a page as stand on it whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from portal.documents.fields import cleaned
from portal.documents.fit import count_lines
from portal.documents.images import qr_image
from portal.documents.joined import joined
from portal.documents.press import pressed
from portal.documents.render import render_pdf
from portal.documents.wording import Wording

_SIZE, _LINE, _PADDING = 9.5, 12.4, 5.8  # points, of a row in a block
_WIDE, _NARROW, _LABEL = 345.0, 145.0, 125.0  # inner widths in points
_PAGE, _GAP = 660.0, 10.0  # points for the blocks of one page, between two of them
_PAGES_A_PART = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One provision; every value as it is printed."""

    number: str
    control_no: str
    file_name: str
    use: str
    recipient: str
    officer_department: str = ""
    officer_name: str = ""  # with rank
    officer_contact: str = ""
    provided_on: str
    form: str
    basis: str
    purpose: str
    items: str
    measures: str
    published: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """The lines of one print in their order."""

    wording: Wording
    title: str
    form: str
    measures_label: str
    rows: tuple[Line, ...] = ()
    period: str = ""
    verification_no: str = ""
    verification_url: str = ""  # what the QR holds; the number where empty


_LIMITS = {"measures": 2_000, "basis": 600}


@pressed
def render(register: Register, progress: Callable[[int, int], None] | None = None) -> bytes:
    """The ledger as PDF, linear in lines; `progress(done, all)` is told after every few pages.

    Raises `DocumentError` where it cannot be printed whole.
    """
    pages = list(_paginate([cleaned(row, _LIMITS) for row in register.rows], register))
    parts = []
    for first in range(0, len(pages), _PAGES_A_PART):
        parts.append(_draw(register, pages, first))
        if progress:
            progress(min(first + _PAGES_A_PART, len(pages)), len(pages))
    if len(parts) == 1:
        return parts[0]
    return joined(parts, register.title, register.wording.institution)


def _draw(register: Register, pages: Sequence[list[Line]], first: int) -> bytes:
    part = pages[first : first + _PAGES_A_PART]
    ends = first + len(part) == len(pages)
    number = register.verification_no
    return render_pdf(
        "third_party.html",
        pages=len(part),
        wording=register.wording,
        register=register,
        block_pages=part,
        first_page=first + 1,
        all_pages=len(pages),
        ends=ends,
        qr=qr_image(number and (register.verification_url or number)) if ends else "",
    )


def _paginate(rows: Sequence[Line], register: Register) -> Iterator[list[Line]]:
    page: list[Line] = []
    used = 0.0
    for row in rows:
        height = _height(row, register.measures_label)
        if page and used + height > _PAGE:
            yield page
            page, used = [], 0.0
        page.append(row)
        used += height + _GAP
    yield page


def _height(row: Line, measures_label: str) -> float:
    """Points a block takes: its eleven rows, each as high as its longest text."""

    def lines(text: str, width: float = _WIDE) -> int:
        return count_lines(text, width, _SIZE)

    rows = (
        max(lines(row.number, _NARROW), lines(row.control_no, _NARROW)),
        lines(row.file_name),
        lines(row.use),
        1,  # 목적 외 이용기관
        max(lines(row.recipient), 2),
        max(lines(row.officer_department, 70.0), lines(row.officer_name, 70.0),
            lines(row.officer_contact, 70.0), 1),
        max(lines(row.provided_on, _NARROW), lines(row.form, _NARROW), 2),
        max(lines(row.basis), 2),
        max(lines(row.purpose), 2),
        max(lines(row.items), 2),
        max(lines(row.measures), lines(measures_label, _LABEL)),
        max(lines(row.published), 1),
    )  # fmt: skip
    return sum(count * _LINE + _PADDING for count in rows)
