from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from documents.reading import images_of, packed, pages_of, text_of
from documents.samples import (
    ICHEON,
    LONG_ADDRESS,
    LONG_NAME,
    RECEIPT,
    RECEIPTS,
    SIGNED,
    receipt_rows,
)
from portal.documents.errors import DocumentError
from portal.documents.form2 import HandoverReceipt, render

ANNEX = """
녹취정보 인계 · 인수증 | 1. 녹취정보 내용 |
관리번호 | 전화번호 | 통화일시 | 녹취 파일 수 | 신청목적 | 비 고 |
2. 수령일자 : 20 년 월 일 | 3. 서약 사항 |
본인은 상기 녹취정보를 인수함에 있어 목적 이외의 용도로 사용하지 않고, 타인에게
양도 또는 제공하지 않으며,
녹취정보 관리 및 취급에 있어 「이천시 행정전화 녹취시스템 운영 지침」 및
「개인정보 보호법」 등 관련 규정을
준수할 것이며, 인수 이후의 제반 사고에 대해서는 인수자 본인이 모두 책임질 것을 서약합니다. |
4. 녹취정보의 처리 | 본 녹취정보는 당초 요구한 목적을 달성한 경우 즉시
파기하겠습니다. | 20 년 월 일 |
인 계 자 | 소 속 : | 직 급 : | 성 명 : | (서 명) | 인 수 자 | 주 소 : | (부 서 명) | 성 명 : |
(기관·단체명) | (서 명)
"""


def test_a_blank_receipt_says_what_the_annex_says_and_nothing_else() -> None:
    text = text_of(render(HandoverReceipt(wording=ICHEON)))

    assert text == packed("[별지 제2호서식]" + ANNEX.replace("|", ""))


def test_every_box_is_printed_whole() -> None:
    text = text_of(render(RECEIPT))

    for value in (
        "2026-0001-01", "송신 010-1234-5678", "수신 031-644-1231", "2026. 11. 23. 15:05",
        "민원 처리 결과 확인", "열람", "2. 수령일자 : 2026년 11월 30일", "소 속 : 정보통신과",
        "직 급 : 주무관", "성 명 : 이보안", "경기도 이천시 부악로 40 (중리동)", "홍길동",
    ):  # fmt: skip
        assert packed(value) in text


def test_the_signed_receipt_shows_both_signatures_and_the_hash_of_the_unsigned_one() -> None:
    signed = render(replace(RECEIPT, **SIGNED))

    assert images_of(signed) == 3  # and the QR
    assert SIGNED["unsigned_sha256"] in text_of(signed)
    assert images_of(render(RECEIPT)) == 1


@pytest.mark.parametrize("lost", list(SIGNED))
def test_a_receipt_signed_by_halves_is_refused(lost: str) -> None:
    half = SIGNED | {lost: "" if lost == "unsigned_sha256" else b""}

    with pytest.raises(DocumentError, match="서명"):
        render(replace(RECEIPT, **half))


def test_what_is_no_hash_is_refused() -> None:
    with pytest.raises(DocumentError, match="SHA-256"):
        render(replace(RECEIPT, **SIGNED | {"unsigned_sha256": "홍길동"}))


def test_five_recordings_stand_on_the_form_with_a_common_purpose_once() -> None:
    pages = pages_of(render(RECEIPTS["five recordings"]))

    assert len(pages) == 1
    assert all(f"2026-0001-{n:02d}" in pages[0] for n in range(1, 6))
    assert pages[0].count("민원처리결과확인") == 1


def test_more_recordings_go_on_on_further_pages_with_a_pointer() -> None:
    first, *further = pages_of(render(replace(RECEIPT, rows=receipt_rows(30))))

    assert "외25건(다음쪽에이어집니다)" in first
    assert all(f"2026-0001-{n:02d}" in "".join(further) for n in range(6, 31))


def test_long_names_and_purposes_leave_the_form_on_one_page() -> None:
    first = pages_of(render(RECEIPTS["longest"]))[0]

    assert packed(LONG_NAME) in first
    assert packed(LONG_ADDRESS) in first
    assert first.count("(서명)") == 2


def test_an_empty_signature_is_refused() -> None:
    blank = BytesIO()
    Image.new("RGB", (300, 100), "white").save(blank, "PNG")

    with pytest.raises(DocumentError, match="비어"):
        render(replace(RECEIPT, **SIGNED | {"transferee_signature_png": blank.getvalue()}))
