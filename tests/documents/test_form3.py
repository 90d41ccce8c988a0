from dataclasses import replace

import pytest

from documents.reading import packed, pages_of, text_of
from documents.samples import LEDGER, LEDGERS, REASON_600, ledger_row, ledger_rows
from portal.documents.errors import DocumentError
from portal.documents.form3 import render

HEAD = """
이천시 행정전화 통화(녹취)정보 (열람 · 제공)관리대장 번호 구분 신청내용 인계자 인수자 결재 비고
신청인 소속 (주소) 녹취일시 녹취 전화번호 신청사유 이용·제공 근거 (공문번호) 팀장 과장
"""


def test_every_page_has_the_head_of_the_annex_and_its_number() -> None:
    pages = pages_of(render(replace(LEDGER, rows=ledger_rows(31))))

    assert len(pages) == 3
    for number, page in enumerate(pages, 1):
        assert packed(HEAD) in page
        assert f"{number}/3" in page


def test_a_page_holds_fifteen_rows() -> None:
    first, second = pages_of(render(replace(LEDGER, rows=ledger_rows(16))))

    assert first.count("홍길동") == 15 * 2
    assert second.count("홍길동") == 2


def test_every_cell_is_printed_whole() -> None:
    reason = REASON_600[:400].strip()
    row = ledger_row(1, reason=reason, official_doc_no="수사과-12345", remarks="일부 기간만료")

    text = text_of(render(replace(LEDGER, rows=(row,))))

    for value in (
        "□ 제공 ■ 열람", "경기도 이천시 부악로 40 (중리동)", "2026. 11. 24. 14:05",
        "010-1234-5678 031-644-1234", reason, "제7조제1항제2호 (수사과-12345)",
        "이보안 홍길동 박팀장 최과장 일부 기간만료",
    ):  # fmt: skip
        assert packed(value) in text


def test_a_provision_is_ticked_as_one() -> None:
    row = ledger_row(1, disclosure_type="provision")

    assert "■제공□열람" in text_of(render(replace(LEDGER, rows=(row,))))


def test_a_half_filled_table_says_once_that_the_rest_is_blank_and_a_full_one_does_not() -> None:
    assert text_of(render(LEDGERS["pages"])).count("이하빈칸") == 1
    assert "이하빈칸" not in text_of(render(LEDGERS["full page"]))


def test_a_blank_sheet_offers_fifteen_rows_to_tick() -> None:
    assert text_of(render(LEDGERS["blank"])).count("□제공□열람") == 15


def test_a_reason_longer_than_a_page_goes_on_in_rows_of_its_own() -> None:
    pages = pages_of(render(LEDGERS["longest"]))

    assert "1(계속)" in pages[1]
    assert "52.지난통화에서" in "".join(pages)


@pytest.mark.parametrize("titles", [(), ("가", "나", "다", "라")])
def test_an_approval_line_that_has_no_columns_is_refused(titles: tuple[str, ...]) -> None:
    with pytest.raises(DocumentError, match="결재"):
        render(replace(LEDGER, approval_titles=titles))


def test_an_approval_is_never_dropped_for_want_of_a_column() -> None:
    with pytest.raises(DocumentError, match="결재"):
        render(replace(LEDGER, approval_titles=("팀장",)))


def test_a_row_that_is_neither_inspection_nor_provision_is_refused() -> None:
    with pytest.raises(DocumentError, match="열람이나 제공"):
        render(replace(LEDGER, rows=(ledger_row(1, disclosure_type=""),)))
