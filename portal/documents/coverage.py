"""Which letters the fonts of official paper can draw, read from the fonts themselves.

reportlab knows it too, but a web worker that only looks over what somebody typed must not hold
reportlab for that (decision 19). A test holds the two against each other.
"""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path

from portal.documents.errors import DocumentError
from portal.paths import STATIC

#: A text runs through these letter by letter.
STACK = ("NanumMyeongjo", "NotoSansKR")
#: Bold or not, and how the file of that weight is called.
WEIGHTS = ((0, "400Regular"), (1, "700Bold"))


def font_file(family: str, weight: str) -> Path:
    """The file of a font, installed beside the portal's own."""
    return STATIC / "fonts" / f"{family}_{weight}.ttf"


def missing_glyphs(text: str) -> str:
    """The letters of `text` no font can draw, each once, in order; empty when all can be printed.

    For forms at input: what this returns would make the paper fail.
    """
    drawable = _coverage()
    return "".join(dict.fromkeys(c for c in text if not c.isspace() and ord(c) not in drawable))


@cache
def letters_of(family: str, weight: str) -> frozenset[int]:
    """The code points that one font maps to a glyph.

    Raises `DocumentError` naming a file that is missing or no font.
    """
    path = font_file(family, weight)
    try:
        return frozenset(point for first, last in _ranges(path) for point in range(first, last + 1))
    except (OSError, ValueError, StopIteration, struct.error) as error:
        raise unreadable(path) from error


def unreadable(path: Path) -> DocumentError:
    """What to say where a font's file is missing or is no font."""
    return DocumentError(
        f"글꼴 파일 {path.name}을(를) static/fonts에서 읽을 수 없습니다. "
        "`make install`로 글꼴을 다시 설치하세요."
    )


@cache
def _coverage() -> frozenset[int]:
    """What the stack can draw both regular and bold."""
    weights = [
        frozenset[int]().union(*(letters_of(family, weight) for family in STACK))
        for _, weight in WEIGHTS
    ]
    return frozenset.intersection(*weights)


def _ranges(path: Path) -> list[tuple[int, int]]:
    """First and last code point of each segment of the font's Unicode table ('cmap')."""
    with path.open("rb") as file:
        tables = struct.unpack(">4xH6x", file.read(12))[0]
        directory = (struct.unpack(">4s4xLL", file.read(16)) for _ in range(tables))
        offset, length = next((o, n) for tag, o, n in directory if tag == b"cmap")
        file.seek(offset)
        table = file.read(length)
    records = (struct.unpack_from(">HHL", table, 4 + 8 * n) for n in range(_short(table, 2)))
    # Encoding 5 of platform 0 holds variants, no letters of their own.
    *_, start = (
        o for platform, enc, o in records if platform in (0, 3) and (platform, enc) != (0, 5)
    )
    return _segments(table[start:])


def _segments(table: bytes) -> list[tuple[int, int]]:
    if _short(table, 0) == 12:
        count = struct.unpack_from(">L", table, 12)[0]
        return [struct.unpack_from(">LL", table, 16 + 12 * n) for n in range(count)]
    if _short(table, 0) != 4:
        raise struct.error("neither format 4 nor 12")
    count = _short(table, 6) // 2
    last = struct.unpack_from(f">{count}H", table, 14)
    first = struct.unpack_from(f">{count}H", table, 16 + 2 * count)
    return list(zip(first, last, strict=True))


def _short(table: bytes, at: int) -> int:
    return int(struct.unpack_from(">H", table, at)[0])
