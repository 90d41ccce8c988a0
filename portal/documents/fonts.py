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

from portal.documents.errors import DocumentError
from portal.paths import STATIC

_FAMILIES = ("NanumMyeongjo", "NanumGothic", "NotoSansKR")
_WEIGHTS = ((0, "400Regular"), (1, "700Bold"))
_lock = threading.Lock()

STACK = ("NanumMyeongjo", "NotoSansKR")


@cache
def register_fonts() -> None:
    """Make the fonts known to reportlab and xhtml2pdf. Cheap when called again.

    Raises `DocumentError` naming the file when one is missing or is no font.
    """
    with _lock:
        for family in _FAMILIES:
            for bold, weight in _WEIGHTS:
                _register(family, bold, weight)
            # Known to every document without @font-face, which costs a third of a render.
            default.DEFAULT_FONT[family.lower()] = family.lower()
        rl_config.invariant = 1  # same input, same bytes
        # Else reportlab names Helvetica, not embedded, in every file: at the start of a page and
        # in every table, though no letter is drawn with it.
        rl_config.canvas_basefontname = CellStyle.fontname = _face(STACK[0], 0)


def missing_glyphs(text: str) -> str:
    """The letters of `text` no font can draw, each once, in order; empty when all can be printed.

    For forms at input: what this returns would make the paper fail.
    """
    register_fonts()
    drawable = _coverage()
    return "".join(dict.fromkeys(c for c in text if not c.isspace() and ord(c) not in drawable))


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width in points of one line of `text` at `size` points, letter by letter through `STACK`."""
    register_fonts()
    widths = _widths(bold)
    return sum(widths(c) for c in text) * size


def _face(family: str, bold: int) -> str:
    return f"{family.lower()}_{bold}0"


def _register(family: str, bold: int, weight: str) -> None:
    path = STATIC / "fonts" / f"{family}_{weight}.ttf"
    try:
        pdfmetrics.registerFont(TTFont(_face(family, bold), str(path)))
    except (TTFError, OSError) as error:
        raise DocumentError(
            f"글꼴 파일 {path.name}을(를) static/fonts에서 읽을 수 없습니다. "
            "`make install`로 글꼴을 다시 설치하세요."
        ) from error
    for italic in (0, 1):  # else <i> would print bold
        addMapping(family.lower(), bold, italic, _face(family, bold))


@cache
def _glyphs(family: str, bold: int) -> frozenset[int]:
    return frozenset(pdfmetrics.getFont(_face(family, bold)).face.charToGlyph)


@cache
def _coverage() -> frozenset[int]:
    """What the stack can draw both regular and bold."""
    weights = [
        frozenset().union(*(_glyphs(family, bold) for family in STACK)) for bold, _ in _WEIGHTS
    ]
    return frozenset.intersection(*weights)


@cache
def _widths(bold: bool) -> Callable[[str], float]:
    faces = [(_glyphs(f, int(bold)), pdfmetrics.getFont(_face(f, int(bold)))) for f in STACK]

    @cache
    def width(letter: str) -> float:
        font = next((font for known, font in faces if ord(letter) in known), faces[0][1])
        return float(font.stringWidth(letter, 1))

    return width
