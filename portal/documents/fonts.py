"""The fonts of official paper, registered once per process.

They come from npm packages (SIL Open Font License) and are installed, not committed. Every letter
printed is embedded; a text runs through `STACK` letter by letter, so NotoSansKR only draws what
NanumMyeongjo lacks (hanja, ①, ㎡, ㊞).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache

from reportlab import rl_config
from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.platypus.tables import CellStyle
from xhtml2pdf import default

from portal.documents.coverage import STACK, WEIGHTS, font_file, letters_of, unreadable

_FAMILIES = ("NanumMyeongjo", "NanumGothic", "NotoSansKR")
_lock = threading.Lock()


@cache
def register_fonts() -> None:
    """Make the fonts known to reportlab and xhtml2pdf. Cheap when called again.

    Raises `DocumentError` naming the file when one is missing or is no font.
    """
    with _lock:
        for family in _FAMILIES:
            for bold, weight in WEIGHTS:
                _register(family, bold, weight)
            # Known to every document without @font-face, which costs a third of a render.
            default.DEFAULT_FONT[family.lower()] = family.lower()
        rl_config.invariant = 1  # same input, same bytes
        # Else reportlab names Helvetica, not embedded, in every file: at the start of a page and
        # in every table, though no letter is drawn with it.
        rl_config.canvas_basefontname = CellStyle.fontname = _face(STACK[0], 0)


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width in points of one line of `text` at `size` points, letter by letter through `STACK`."""
    register_fonts()
    widths = _widths(bold)
    return sum(widths(c) for c in text) * size


def _face(family: str, bold: int) -> str:
    return f"{family.lower()}_{bold}0"


def _register(family: str, bold: int, weight: str) -> None:
    path = font_file(family, weight)
    try:
        pdfmetrics.registerFont(TTFont(_face(family, bold), str(path)))
    except (TTFError, OSError) as error:
        raise unreadable(path) from error
    for italic in (0, 1):  # else <i> would print bold
        addMapping(family.lower(), bold, italic, _face(family, bold))


@cache
def _widths(bold: bool) -> Callable[[str], float]:
    number, weight = WEIGHTS[bold]
    faces = [(letters_of(f, weight), pdfmetrics.getFont(_face(f, number))) for f in STACK]

    @cache
    def width(letter: str) -> float:
        font = next((font for known, font in faces if ord(letter) in known), faces[0][1])
        return float(font.stringWidth(letter, 1))

    return width
