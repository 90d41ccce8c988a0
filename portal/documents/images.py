"""The only images of a paper: signatures and QR codes, both as data URIs made here."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from io import BytesIO

import segno
from PIL import Image, UnidentifiedImageError

from portal.documents.errors import DocumentError

_LARGEST_BYTES = 2 * 1024 * 1024
_LARGEST_PIXELS = 16_000_000
_PRINTED_PIXELS = (900, 450)  # 600 dpi at 38 × 19 mm
_PAPER = 232  # grey above this is paper
_SIGNATURE_MM = (26.0, 11.5)


@dataclass(frozen=True, slots=True)
class PlacedImage:
    """An image with the size it is printed at, in millimetres."""

    uri: str
    width: float
    height: float


def clean_signature(png: bytes) -> bytes:
    """A signature written anew as PNG: cropped to its ink, paper made transparent, no metadata.

    The same input gives the same bytes. Raises `DocumentError` for what is no PNG, is too large,
    or carries no ink.
    """
    ink = _ink(_open(png))
    box = ink.getbbox()
    if box is None:
        raise DocumentError("서명이 비어 있습니다. 서명을 다시 받아 주세요.")
    ink = ink.crop(box)
    ink.thumbnail(_PRINTED_PIXELS)
    written = Image.new("RGBA", ink.size, (0, 0, 60, 0))
    written.putalpha(ink)
    output = BytesIO()
    written.save(output, "PNG", optimize=False)
    return output.getvalue()


def signature_image(png: bytes) -> PlacedImage | None:
    """The signature as it lies over (서 명); None where there is none."""
    if not png:
        return None
    clean = clean_signature(png)
    with Image.open(BytesIO(clean)) as image:
        width, height = image.size
    scale = min(_SIGNATURE_MM[0] / width, _SIGNATURE_MM[1] / height)
    # A dot or a dash is still drawn large enough to be seen (proof.py: 20 pt).
    return PlacedImage(_uri(clean), max(width * scale, 7.5), max(height * scale, 7.5))


def qr_image(content: str) -> str:
    """A QR code as data URI, empty for an empty content."""
    if not content:
        return ""
    output = BytesIO()
    segno.make(content, error="m", micro=False).save(output, kind="png", scale=4, border=2)
    return _uri(output.getvalue())


def _open(png: bytes) -> Image.Image:
    try:
        if len(png) > _LARGEST_BYTES:
            raise ValueError("too many bytes")
        with Image.open(BytesIO(png), formats=["PNG"]) as image:
            if image.width * image.height > _LARGEST_PIXELS:
                raise ValueError("too many pixels")
            return image.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise DocumentError(
            "서명 그림을 읽을 수 없습니다 (PNG, 2 MB까지). 서명을 다시 받아 주세요."
        ) from error


def _ink(image: Image.Image) -> Image.Image:
    """How dark each point is, 0 (paper) to 255: scans are opaque, drawn signatures are not."""
    sheet = Image.new("RGBA", image.size, (255, 255, 255, 255))
    sheet.alpha_composite(image)
    return sheet.convert("L").point([255 - grey if grey < _PAPER else 0 for grey in range(256)])


def _uri(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")
