"""How the tests read a finished paper: by other means than the code that proves it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pypdfium2
from PIL import Image
from pypdf import PdfReader

Box = tuple[float, float, float, float]


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, all blanks removed: line breaks inside a box do not matter."""
    return ["".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


def text_of(pdf: bytes) -> str:
    return "".join(pages_of(pdf))


def packed(text: str) -> str:
    return "".join(text.split())


def fonts_of(pdf: bytes) -> dict[str, bool]:
    """Names of the fonts a file mentions anywhere, and whether each is embedded."""
    reader = PdfReader(BytesIO(pdf))
    objects: list[Any] = [reader.get_object(n) for n in range(1, len(reader.xref[0]) + 1)]
    fonts = [o for o in objects if isinstance(o, dict) and o.get("/Type") == "/Font"]
    return {
        str(font["/BaseFont"]): "/FontFile2" in font.get("/FontDescriptor", {}) for font in fonts
    }


def images_of(pdf: bytes) -> int:
    return sum(len(page.images) for page in PdfReader(BytesIO(pdf)).pages)


def picture(pdf: bytes, page: int = 0, scale: float = 1.5) -> Image.Image:
    return pypdfium2.PdfDocument(pdf)[page].render(scale=scale).to_pil().convert("L")


def letters_on(pdf: bytes) -> list[tuple[Box, list[tuple[str, Box]]]]:
    """For each page its box and every visible letter with its ink's box, in points."""
    found = []
    for page in pypdfium2.PdfDocument(pdf):
        text = page.get_textpage()
        letters = [
            (letter, text.get_charbox(index))
            for index in range(text.count_chars())
            if (letter := text.get_text_range(index, 1)).strip()
        ]
        found.append(((0.0, 0.0, *page.get_size()), letters))
    return found


def overprinted(letters: list[tuple[str, Box]]) -> list[str]:
    """Pairs of letters whose ink overlaps by more than a third of the smaller one."""
    cells: dict[tuple[int, int], list[tuple[str, Box]]] = {}
    clashes = []
    for letter, box in letters:
        middle = (int((box[0] + box[2]) / 20), int((box[1] + box[3]) / 20))
        for x in (-1, 0, 1):
            for y in (-1, 0, 1):
                for other, around in cells.get((middle[0] + x, middle[1] + y), []):
                    if _share(box, around) > 1 / 3:
                        clashes.append(other + letter)
        cells.setdefault(middle, []).append((letter, box))
    return clashes


def _share(one: Box, two: Box) -> float:
    width = min(one[2], two[2]) - max(one[0], two[0])
    height = min(one[3], two[3]) - max(one[1], two[1])
    if width <= 0 or height <= 0:
        return 0.0
    smaller = min((b[2] - b[0]) * (b[3] - b[1]) for b in (one, two))
    return width * height / smaller if smaller else 0.0
