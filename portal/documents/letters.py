"""Which letters a PDF written by reportlab draws, and how often.

pypdf's own text extraction takes as long as the rendering itself; reportlab writes text in one
shape only (`/F1+0 8 Tf … (…) Tj`), which is read here. Were that shape to change, letters would
be found missing and every paper refused, not passed.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdf import PdfReader

_SHOWN = re.compile(rb"/(F\d+(?:\+\d+)?) [\d.]+ Tf|\(((?:[^\\()]|\\.)*)\) Tj", re.DOTALL)
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|(.))", re.DOTALL)
_MAPPED = re.compile(rb"<([0-9A-F]{2})> <([0-9A-F]{4,})>")
_CONTROL = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def drawn_letters(reader: PdfReader) -> Counter[str]:
    """Every letter on every page with its number, blanks left out; `\\0` where it has no glyph."""
    shown: dict[tuple[int, bytes], int] = Counter()
    tables: dict[int, dict[int, str]] = {}
    for page in reader.pages:
        contents = page.get_contents()
        if contents is None:
            continue
        resources: Any = page["/Resources"]
        fonts = {}
        for name, reference in resources.get("/Font", {}).items():
            key = reference.idnum
            fonts[name[1:].encode()] = key
            if key not in tables:
                tables[key] = _unicode(reference.get_object())
        font = -1
        for name, text in _SHOWN.findall(contents.get_data()):
            if name:
                font = fonts[name]
            else:
                shown[font, text] += 1
    letters: Counter[str] = Counter()
    for (font, text), times in shown.items():
        for code in _unescape(text):
            letters[tables[font].get(code, "\0")] += times
    return Counter({letter: n for letter, n in letters.items() if not letter.isspace()})


def _unicode(font: Any) -> dict[int, str]:
    if "/ToUnicode" not in font:
        return {}
    table = font["/ToUnicode"].get_object().get_data()
    return {int(code, 16): chr(int(point, 16)) for code, point in _MAPPED.findall(table)}


@cache
def _escaped(octal: bytes, single: bytes) -> bytes:
    return bytes([int(octal, 8) & 255]) if octal else _CONTROL.get(single, single)


def _unescape(text: bytes) -> bytes:
    if b"\\" not in text:
        return text
    return _ESCAPE.sub(lambda found: _escaped(found[1] or b"", found[2] or b""), text)
