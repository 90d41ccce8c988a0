"""A finished paper is looked at once more before it leaves: xhtml2pdf reports success all the same
when a signature, a font or a letter is lost (`err == 0`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from typing import TYPE_CHECKING, Any

from portal.documents.coverage import missing_glyphs
from portal.documents.errors import DocumentError, DoesNotFitError
from portal.documents.letters import drawn_letters

if TYPE_CHECKING:
    from pypdf import PdfReader

_SMALLEST_IMAGE = 20.0  # points; a misplaced image shrinks to a speck


class _Body(HTMLParser):
    """Collects what of the page is text, and how many images it wants."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.images = 0
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.images += tag == "img"
        self._silent += tag in ("style", "title")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("style", "title")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.text.append(data)


def read_body(html: str) -> tuple[str, int]:
    """The printed text of a rendered template and the number of its images."""
    body = _Body()
    body.feed(html)
    body.close()
    return "".join(body.text), body.images


def check_glyphs(text: str) -> None:
    """Raises `DocumentError` naming the letters that no font can draw."""
    missing = missing_glyphs(text)
    if missing:
        named = ", ".join(f"‘{letter}’(U+{ord(letter):04X})" for letter in missing[:10])
        raise DocumentError(
            f"글꼴에 없는 글자가 있어 문서를 만들 수 없습니다: {named}. 다른 글자로 바꾸어 주세요."
        )


def check_pdf(pdf: bytes, text: str, images: int, pages: int | None) -> None:
    """Raises `DocumentError` unless every letter of `text` and every image is on the paper,
    each used font is embedded, and the number of pages is as expected (None: any).
    """
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(pdf))
    if pages is not None and len(reader.pages) != pages:
        raise DoesNotFitError(
            f"적은 내용이 서식에 들어가지 않습니다 ({pages}쪽이어야 하나 {len(reader.pages)}쪽). "
            "이름과 주소 등 칸의 글을 줄여 주세요."
        )
    _check_fonts(reader)
    _check_images(reader, images)
    lost = Counter("".join(text.split())) - drawn_letters(reader)
    if lost:
        raise DocumentError(
            f"문서에 글자 {lost.total()}개가 찍히지 않았습니다. 담당자에게 알려 주세요."
        )


def _resources(reader: PdfReader, kind: str) -> Iterator[tuple[Any, str, Any]]:
    for page in reader.pages:
        for name, found in page.get("/Resources", {}).get(kind, {}).items():
            yield page, name, found.get_object()


def _check_fonts(reader: PdfReader) -> None:
    for _, _, font in _resources(reader, "/Font"):
        descriptor = font.get("/FontDescriptor")
        if descriptor is None or "/FontFile2" not in descriptor.get_object():
            raise DocumentError(
                f"글꼴 {font.get('/BaseFont')}이(가) 문서에 들어 있지 않습니다. "
                "담당자에게 알려 주세요."
            )


def _check_images(reader: PdfReader, expected: int) -> None:
    drawn = [size for page in reader.pages for size in _drawn_images(reader, page)]
    if len(drawn) != expected or any(min(size) < _SMALLEST_IMAGE for size in drawn):
        raise DocumentError(
            f"서명이나 그림이 문서에 온전히 찍히지 않았습니다 ({expected}개 중 {len(drawn)}개). "
            "서명을 다시 받아 주세요."
        )


def _drawn_images(reader: PdfReader, page: Any) -> Iterator[tuple[float, float]]:
    """Width and height in points of every image the page draws."""
    objects = page.get("/Resources", {}).get("/XObject", {})
    images = {n for n, found in objects.items() if found.get_object()["/Subtype"] == "/Image"}
    if not images:
        return
    from pypdf.generic import ContentStream

    matrix = (0.0, 0.0)
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator == b"cm":
            matrix = (abs(float(operands[0])), abs(float(operands[3])))
        elif operator == b"Do" and operands[0] in images:
            yield matrix
