"""Drawing a long paper straight onto its pages: ten times faster than laying out HTML.

Made for the ledger (별지 제3호서식), whose thousands of rows have one shape. Text goes letter by
letter through the same fonts; nothing else is drawn but lines and images.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Literal

import segno
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from portal.documents.fit import wrap
from portal.documents.fonts import register_fonts, runs, text_width

Align = Literal["left", "center", "right"]
_BASELINE = 0.36  # of the size, below the middle of a line
LINE = 1.35  # of the size


class Pages:
    """The pages of one paper, drawn from their upper left corner; all lengths in points."""

    def __init__(self, size: tuple[float, float], *, title: str, author: str) -> None:
        register_fonts()
        self._height = size[1]
        self._output = BytesIO()
        self._canvas = Canvas(self._output, pagesize=size, lang="ko")
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._canvas.setSubject("")

    def turn(self) -> None:
        """End this page."""
        self._canvas.showPage()

    def finish(self) -> bytes:
        """The PDF; the same drawing gives the same bytes."""
        self._canvas.save()
        return self._output.getvalue()

    def line(
        self, text: str, x: float, middle: float, size: float, align: Align = "left",
        *, bold: bool = False,
    ) -> None:  # fmt: skip
        """One line, `middle` points from the top; `x` is its left end, middle or right end."""
        if not text.strip():
            return
        if align != "left":
            x -= text_width(text, size, bold=bold) / (2 if align == "center" else 1)
        baseline = self._height - middle - size * _BASELINE
        for face, letters in runs(text, bold=bold):
            self._canvas.setFont(face, size)
            self._canvas.drawString(x, baseline, letters)
            x += text_width(letters, size, bold=bold)

    def cell(
        self, text: str, left: float, top: float, width: float, height: float, size: float,
        align: Align = "center", *, padding: float = 2.5,
    ) -> None:  # fmt: skip
        """Wrapped text in the middle of a box; who calls has made the box high enough."""
        if not text:
            return
        lines = wrap(text, width - 2 * padding, size)
        middle = top + height / 2 - (len(lines) - 1) * size * LINE / 2
        x = left + (padding if align == "left" else width / 2)
        for number, line in enumerate(lines):
            self.line(line.strip(), x, middle + number * size * LINE, size, align)

    def rules(self, strokes: Sequence[tuple[float, float, float, float]], width: float) -> None:
        """Straight lines from (x, y) to (x, y)."""
        self._canvas.setLineWidth(width)
        self._canvas.lines([(a, self._height - b, c, self._height - d) for a, b, c, d in strokes])

    def frame(self, left: float, top: float, width: float, height: float, stroke: float) -> None:
        self._canvas.setLineWidth(stroke)
        self._canvas.rect(left, self._height - top - height, width, height)

    def qr(self, content: str, left: float, top: float, side: float) -> None:
        png = BytesIO()
        segno.make(content, error="m", micro=False).save(png, kind="png", scale=4, border=2)
        png.seek(0)
        self._canvas.drawImage(ImageReader(png), left, self._height - top - side, side, side)
