"""From a template to the bytes of a PDF, or an error; never a paper with something missing.

xhtml2pdf renders one document at a time in a process (a lock of its own): a form takes about
0.1 s, a long ledger belongs in the worker. It and reportlab are imported with the first paper, not
with this module: a web worker has its papers rendered elsewhere (press.py).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from portal.documents.coverage import STACK
from portal.documents.errors import DocumentError, DoesNotFitError
from portal.documents.proof import check_glyphs, check_pdf, read_body
from portal.korean import with_particle
from portal.paths import TEMPLATES

_LARGEST_BYTES = 100 * 1024 * 1024  # a ledger of some 50,000 rows
_LOGGERS = ("xhtml2pdf", "reportlab")


def render_pdf(template: str, *, pages: int | None = None, **data: Any) -> bytes:
    """Render `documents/<template>` with `data` to PDF; the same input gives the same bytes.

    Raises `DocumentError` when a font, an image or a letter would be missing on the paper, or
    when it does not come out on exactly `pages` pages (None: any number).
    """
    from portal.documents.fonts import register_fonts

    register_fonts()
    html = _environment().get_template(f"documents/{template}").render(**data)
    text, images = read_body(html)
    check_glyphs(text)
    pdf = _convert(html)
    check_pdf(pdf, text, images, pages)
    return pdf


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["lines"] = _lines
    environment.filters["with_particle"] = with_particle
    environment.globals["font_stack"] = ", ".join(STACK)
    return environment


def _lines(text: str) -> Markup:
    """Newlines as line breaks and gaps between words kept, everything else escaped."""
    return Markup("<br/>").join(
        escape(line.replace("  ", "\u00a0\u00a0")) for line in text.split("\n")
    )


def _convert(html: str) -> bytes:
    from reportlab.platypus.doctemplate import LayoutError
    from xhtml2pdf import pisa
    from xhtml2pdf.config.resources import ResourceAccessPolicy

    # Nothing is read from disk or network: fonts are registered, images are data URIs.
    policy = ResourceAccessPolicy.server(
        None, allow_remote=False, max_document_bytes=_LARGEST_BYTES, max_render_seconds=None
    )
    output = BytesIO()
    with _warnings() as warnings:
        try:
            result = pisa.CreatePDF(html, output, resource_policy=policy, encoding="utf-8")
        except LayoutError as error:
            raise DoesNotFitError(
                "적은 내용이 서식에 들어가지 않습니다. 이름과 주소 등 칸의 글을 줄여 주세요."
            ) from error
        except Exception as error:
            raise DocumentError("문서를 만들지 못했습니다. 담당자에게 알려 주세요.") from error
    warnings.extend(str(entry) for entry in result.log)
    if result.err or warnings:
        raise DocumentError(
            "글꼴이나 그림에 문제가 있어 문서를 만들지 않았습니다. 담당자에게 알려 주세요."
        ) from RuntimeError("; ".join(warnings[:5]))
    return output.getvalue()


@contextmanager
def _warnings() -> Iterator[list[str]]:
    """What this thread's render complains about; xhtml2pdf says much only to its loggers."""
    found: list[str] = []
    thread = threading.get_ident()

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.thread == thread:
                found.append(record.getMessage())

    collector = Collector(logging.WARNING)
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    for logger in loggers:
        logger.addHandler(collector)
    try:
        yield found
    finally:
        for logger in loggers:
            logger.removeHandler(collector)
