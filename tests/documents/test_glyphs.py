"""Letters on paper: rare ones are drawn, others refused, never a box."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from documents import further_samples
from documents.reading import fonts_of, packed, text_of
from documents.samples import APPLICATION, LEDGER, ledger_row
from portal.applications.typed import BadText, kept
from portal.documents import form1, form3, third_party
from portal.documents.errors import DocumentError
from portal.documents.glyphs import unprintable

RARE = ["뷁", "똠", "갂", "힣", "洪吉童", "鎭", "①", "㎡", "㊞", "㈜", "※", "→", "é"]
NONE = ["😀", "𠮷", "👨‍👩‍👧", "𒀀", "☎️😀"]


@pytest.mark.parametrize("text", RARE)
def test_rare_letters_are_drawn_on_paper_and_pass_the_input(text: str) -> None:
    assert unprintable(text) == ""
    for pdf in (
        form1.render(replace(APPLICATION, reason=f"앞 {text} 뒤")),
        form3.render(replace(LEDGER, rows=(ledger_row(1, reason=f"앞 {text} 뒤"),))),
    ):
        assert packed(f"앞{text}뒤") in text_of(pdf)
        assert all(fonts_of(pdf).values())


@pytest.mark.parametrize("text", NONE)
def test_what_no_font_draws_is_refused_at_input_and_by_every_kind_of_drawing(
    app: Flask, text: str
) -> None:
    with pytest.raises(BadText, match="인쇄할 수 없는 글자"):
        kept(f"사유 {text}")
    line = further_samples.line(1, purpose=text)
    for draw in (
        lambda: form1.render(replace(APPLICATION, applicant_name=text)),
        lambda: form3.render(replace(LEDGER, rows=(ledger_row(1, remarks=text),))),
        lambda: third_party.render(further_samples.register((line,))),
    ):
        with pytest.raises(DocumentError, match="글꼴에 없는 글자"):
            draw()
