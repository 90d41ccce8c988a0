"""A program of its own that opens one file from outside and draws one of its pages.

Run by `pictures.py` as a child: what people send can be made to exhaust memory or time, or to
crash a parser, and that must not happen to the portal. It imports nothing of the portal, reads
the file from standard input and keeps everything in memory.

    rasterise.py count           → prints the number of pages
    rasterise.py draw PAGE SIDE  → writes the page (from 1) as PNG, its longer side at most SIDE

Exit codes: 0 done, 3 protected by a password, 4 too large a picture, 5 cannot be read.
"""

from __future__ import annotations

import io
import resource
import sys

PASSWORD, TOO_LARGE, UNREADABLE = 3, 4, 5
_MEMORY = 1024 * 1024 * 1024
_CPU_SECONDS = 20
_MOST_PIXELS = 60_000_000


class Refused(Exception):
    def __init__(self, code: int) -> None:
        self.code = code


def main(arguments: list[str]) -> int:
    _limit()
    data = sys.stdin.buffer.read()
    try:
        if arguments[0] == "count":
            sys.stdout.write(str(_count(data)))
        else:
            sys.stdout.buffer.write(_draw(data, int(arguments[1]), int(arguments[2])))
    except Refused as refused:
        return refused.code
    except Exception:  # whatever a broken file provokes, its text stays out of every log
        return UNREADABLE
    return 0


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    if sys.platform.startswith("linux"):  # macOS does not keep this limit
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _count(data: bytes) -> int:
    if not data.startswith(b"%PDF-"):
        _picture(data).load()
        return 1
    document = _pdf(data)
    if len(document) == 0:
        raise Refused(UNREADABLE)
    document[0].get_size()
    return len(document)


def _draw(data: bytes, page: int, side: int) -> bytes:
    from PIL import Image, ImageOps

    if data.startswith(b"%PDF-"):
        sheet = _pdf(data)[page - 1]
        width, height = sheet.get_size()
        scale = min(side / max(width, height, 1), 4.0)
        image = sheet.render(scale=scale, may_draw_forms=False).to_pil()
    else:
        image = ImageOps.exif_transpose(_picture(data))
    image = image.convert("RGBA" if "A" in image.getbands() else "RGB")
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    output = io.BytesIO()
    image.save(output, "PNG")
    return output.getvalue()


def _pdf(data: bytes):  # type: ignore[no-untyped-def]
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        code = getattr(error, "err_code", None)
        raise Refused(PASSWORD if code == 4 else UNREADABLE) from error


def _picture(data: bytes):  # type: ignore[no-untyped-def]
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # its own limit only warns; ours follows
    image = Image.open(io.BytesIO(data), formats=["PNG", "JPEG"])
    if image.width * image.height > _MOST_PIXELS:
        raise Refused(TOO_LARGE)
    return image


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
