"""How 별지 제3호서식 looks: the head of the annex on each page, the rows, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.documents.drawing import Align, Pages
from portal.documents.wording import Wording

SIZE = 8.0
PAGE = (841.89, 595.28)
LEFT, WIDTH = 34.0, 773.9  # 12 mm, 273 mm
_TOP = 62.0  # of the table
_HEADS = (16.6, 27.4)  # heights of its two head rows
_THICK, _THIN = 1.4, 0.5
_MARGIN_LABEL, _TITLE = 32.0, 48.0  # middles from the top
#: The columns set flush left: 소속(주소), 신청사유, 이용·제공 근거.
_FLUSH = {3, 6, 7}
_UNDER_NAMES = 2  # 신청내용 begins here and spans six columns


@dataclass(frozen=True, slots=True)
class Look:
    """What every page of one print has in common; `widths` in points, 구분 the second."""

    wording: Wording
    widths: tuple[float, ...]
    approval_titles: tuple[str, ...]
    period: str
    all_pages: int

    @property
    def edges(self) -> list[float]:
        edges = [LEFT]
        for width in self.widths:
            edges.append(edges[-1] + width)
        return edges


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """The cells in the order of the columns; `height` in points."""

    cells: tuple[str, ...]
    height: float
    is_rest_blank: bool = False  # 이하 빈칸 across all columns


def marks(disclosure_type: str) -> str:
    """What stands under 구분; nothing is ticked where nothing was written."""
    provision, inspection = (
        "■" if disclosure_type == kind else "□" for kind in ("provision", "inspection")
    )
    return f"{provision} 제공\n{inspection} 열람"


def draw_page(pages: Pages, look: Look, rows: Sequence[DrawnRow], number: int) -> float:
    """One page without its end; how far down the table reaches."""
    period = f"{look.period}  " if look.period else ""
    pages.line(f"[{look.wording.ledger_form}]", LEFT, _MARGIN_LABEL, SIZE)
    told = f"{period}({number} / {look.all_pages}쪽)"
    pages.line(told, LEFT + WIDTH, _MARGIN_LABEL, SIZE, "right")
    pages.line(look.wording.ledger_title, LEFT + WIDTH / 2, _TITLE, 15.0, "center", bold=True)
    _draw_head(pages, look)
    top = _TOP + sum(_HEADS)
    for row in rows:
        _draw_row(pages, look, row, top)
        top += row.height
    pages.frame(LEFT, _TOP, WIDTH, top - _TOP, _THICK)
    return top


def texts_of(look: Look, rows: Sequence[DrawnRow], number: int) -> str:
    """Every letter that the page must show, from the data and not from the drawing."""
    heads = [label for label, *_ in _labels(look)]
    own = look.wording
    around = [f"[{own.ledger_form}]", own.ledger_title, look.period]
    told = f"({number} / {look.all_pages}쪽)"
    return "".join([*around, told, *heads, *(text for row in rows for text in row.cells)])


def _labels(look: Look) -> list[tuple[str, int, int, int, int]]:
    """Head cells in the order of reading: text, first column, columns, first row, rows."""
    last, steps = len(look.widths) - 1, len(look.approval_titles)
    word = look.wording.recording
    upper = [
        ("번호", 0, 1, 0, 2),
        ("구분", 1, 1, 0, 2),
        ("신청내용", _UNDER_NAMES, 6, 0, 1),
        ("인계자", 8, 1, 0, 2),
        ("인수자", 9, 1, 0, 2),
        ("결재", 10, steps, 0, 1),
        ("비고", last, 1, 0, 2),
    ]
    names = ("신청인", "소속\n(주소)", f"{word}일시", f"{word}\n전화번호", "신청사유",
             "이용·제공 근거\n(공문번호)")  # fmt: skip
    lower = [(name, _UNDER_NAMES + n, 1, 1, 1) for n, name in enumerate(names)]
    lower += [(title, 10 + n, 1, 1, 1) for n, title in enumerate(look.approval_titles)]
    return upper + lower


def _draw_head(pages: Pages, look: Look) -> None:
    edges, tops = look.edges, (_TOP, _TOP + _HEADS[0], _TOP + sum(_HEADS))
    for text, column, columns, row, rows in _labels(look):
        left, right = edges[column], edges[column + columns]
        top, bottom = tops[row], tops[row + rows]
        pages.frame(left, top, right - left, bottom - top, _THIN)
        pages.cell(text, left, top, right - left, bottom - top, SIZE)


def _draw_row(pages: Pages, look: Look, row: DrawnRow, top: float) -> None:
    edges = look.edges
    bottom = top + row.height
    strokes = [(LEFT, bottom, LEFT + WIDTH, bottom)]
    if row.is_rest_blank:
        pages.rules(strokes, _THIN)
        pages.cell(row.cells[0], LEFT, top, WIDTH, row.height, SIZE)
        return
    strokes += [(edge, top, edge, bottom) for edge in edges[1:-1]]
    pages.rules(strokes, _THIN)
    for column, text in enumerate(row.cells):
        align: Align = "left" if column in _FLUSH else "center"
        pages.cell(text, edges[column], top, look.widths[column], row.height, SIZE, align)
