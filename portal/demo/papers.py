"""The demo's evidence and signatures: drawn here, marked as samples."""

from __future__ import annotations

import math
import random
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from portal.documents.images import clean_signature
from portal.paths import STATIC

_INK = (20, 30, 90, 255)


def signature(name: str) -> bytes:
    """A pen stroke that is always the same for the same name, as a clean PNG."""
    rng = random.Random(name)  # noqa: S311  (a picture, no secret)
    image = Image.new("RGBA", (600, 240), (255, 255, 255, 0))
    pen = ImageDraw.Draw(image)
    x, y = 40.0, 140.0
    for _letter in name:
        points = [(x, y)]
        phase, height = rng.uniform(0, 6), rng.uniform(35, 80)
        for step in range(1, 24):
            angle = phase + step / 3.2
            points.append((x + step * 6, y + math.sin(angle) * height * math.cos(step / 9)))
        pen.line(points, fill=_INK, width=6, joint="curve")
        x, y = points[-1][0] + 12, 140 + rng.uniform(-25, 25)
    output = BytesIO()
    image.save(output, "PNG")
    return clean_signature(output.getvalue())


def certificate(title: str, lines: list[str]) -> bytes:
    """A page that looks like a paper from elsewhere, with "견본" across it."""
    page = Image.new("RGB", (1000, 1400), "white")
    pen = ImageDraw.Draw(page)
    pen.rectangle((50, 50, 950, 1350), outline=(90, 90, 90), width=3)
    pen.text((500, 170), title, font=_font(54), fill=(20, 20, 20), anchor="mm")
    for number, line in enumerate(lines):
        pen.text((120, 320 + number * 80), line, font=_font(34), fill=(40, 40, 40))
    pen.text((500, 1100), "견 본", font=_font(150), fill=(225, 228, 235), anchor="mm")
    output = BytesIO()
    page.save(output, "PNG")
    return output.getvalue()


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(STATIC / "fonts" / "NanumGothic_400Regular.ttf"), size)
