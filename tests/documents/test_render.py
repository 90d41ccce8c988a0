"""Attempts to get something wrong past the renderer."""

import subprocess
import sys
import threading
from collections import Counter
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from documents.reading import packed, text_of
from documents.samples import APPLICATION, APPLICATIONS, RECEIPT, SIGNED
from portal.documents import form1, form2
from portal.documents.coverage import missing_glyphs
from portal.documents.errors import DocumentError
from portal.documents.fit import split_text, wrap
from portal.documents.images import clean_signature
from portal.documents.letters import drawn_letters
from portal.documents.proof import check_pdf
from portal.documents.render import _convert

HOSTILE = [
    "<b>굵게</b><i>x</i>",
    "<img src=file:///etc/hostname>",
    '"><img src="http://127.0.0.1:9/x.png">',
    "<style>@import url(file:///etc/hostname);</style>",
    "<pdf:nextpage/><pdf:barcode type='qr' value='x'/>",
    "</td></tr></table><p>밖</p>",
    "{{ form.__class__ }}{% raw %}",
    "url(http://127.0.0.1:9/a)",
    "&lt;script&gt;",
    "/F1+0 8 Tf (x) Tj ) Tj ET",
]
_opened: list[str] | None = None


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if _opened is not None and event in ("open", "socket.connect", "socket.getaddrinfo"):
        _opened.append(f"{event} {arguments[:2]}")


sys.addaudithook(_watch)


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_that_people_type_is_printed_as_typed_and_opens_nothing(text: str) -> None:
    global _opened
    form1.render(APPLICATION)  # templates and fonts are loaded
    form = replace(APPLICATION, applicant_name=text, reason=text, purpose=text)

    _opened = []
    try:
        pdf = form1.render(form)
        opened = _opened
    finally:
        _opened = None

    assert opened == []
    assert text_of(pdf).count(packed(text)) >= 3


def test_direction_marks_and_invisible_letters_do_not_reach_the_paper() -> None:
    text = text_of(form1.render(replace(APPLICATION, applicant_name="홍\u202e동길\u200b\ud800")))

    assert "홍동길" in text


def test_a_policy_refusal_is_an_error_not_a_hole() -> None:
    with pytest.raises(DocumentError, match="글꼴이나 그림"):
        _convert('<html><body style="font-family: NanumMyeongjo"><img src="/etc/x.png"/></body>')


def test_an_unknown_font_is_an_error_not_helvetica() -> None:
    with pytest.raises(DocumentError, match="글꼴이나 그림"):
        _convert('<html><body style="font-family: Batang"><p>가</p></body></html>')


def test_a_failing_paper_in_one_thread_does_not_spoil_another() -> None:
    results: Counter[str] = Counter()

    def draw(name: str) -> None:
        try:
            form1.render(replace(APPLICATION, applicant_name=name))
            results["printed"] += 1
        except DocumentError:
            results["refused"] += 1

    threads = [threading.Thread(target=draw, args=(n,)) for n in ("홍길동", "𠮷", "김하늘", "😀")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert results == {"printed": 2, "refused": 2}


def test_a_lost_letter_is_found() -> None:
    pdf = form1.render(APPLICATION)

    with pytest.raises(DocumentError, match="글자 1개"):
        check_pdf(pdf, "쀍", 0, 1)


def test_a_lost_or_extra_image_is_found() -> None:
    pdf = form2.render(replace(RECEIPT, **SIGNED))

    check_pdf(pdf, "", 3, 1)
    for wrong in (2, 4):
        with pytest.raises(DocumentError, match="서명이나 그림"):
            check_pdf(pdf, "", wrong, 1)


def test_a_page_too_many_is_found() -> None:
    with pytest.raises(DocumentError, match="쪽"):
        check_pdf(form1.render(APPLICATION), "", 0, 2)


def test_a_font_that_is_not_embedded_is_found() -> None:
    output = BytesIO()
    canvas = Canvas(output, initialFontName="Helvetica")
    canvas.drawString(100, 100, "x")
    canvas.save()

    with pytest.raises(DocumentError, match="Helvetica"):
        check_pdf(output.getvalue(), "", 0, None)


@pytest.mark.parametrize("name", list(APPLICATIONS))
def test_letters_are_counted_as_an_independent_reader_does(name: str) -> None:
    pdf = form1.render(APPLICATIONS[name])

    assert drawn_letters(PdfReader(BytesIO(pdf))) == Counter(text_of(pdf))


def test_a_missing_font_file_is_named_with_what_to_do() -> None:
    code = (
        "import pathlib; from portal.documents import coverage, fonts;"
        "coverage.STATIC = pathlib.Path('nowhere'); fonts.register_fonts()"
    )

    run = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[2], capture_output=True, text=True
    )

    assert run.returncode != 0
    assert "DocumentError: 글꼴 파일 NanumMyeongjo_400Regular.ttf" in run.stderr


def test_letters_without_glyph_are_listed_once_in_order() -> None:
    assert missing_glyphs("홍 𠮷길😀𠮷\n뷁洪①") == "𠮷😀"


def test_a_signature_is_written_anew_without_what_came_with_it() -> None:
    png = SIGNED["transferor_signature_png"]
    assert isinstance(png, bytes)

    clean = clean_signature(png + b"trailing<script>")

    assert b"script" not in clean
    assert clean == clean_signature(png)
    assert clean_signature(clean)


@given(st.text(alphabet="가나 다W①\n.洪", max_size=300), st.integers(1, 6))
def test_splitting_a_text_loses_and_doubles_nothing(text: str, lines: int) -> None:
    shown, rest = split_text(text, 60.0, 10.0, lines)

    assert packed(shown + rest) == packed(text)
    assert len(wrap(shown, 60.0, 10.0)) <= lines or not rest
