from dataclasses import replace

import pytest
from PIL import ImageChops

from documents.reading import images_of, letters_on, packed, pages_of, picture, text_of
from documents.samples import (
    APPLICATION,
    APPLICATIONS,
    ICHEON,
    LONG_ADDRESS,
    LONG_NAME,
    REASON_600,
    REASON_LONGEST,
    STRANGE,
    requested_calls,
    signature_png,
)
from portal.documents.errors import DocumentError
from portal.documents.form1 import ApplicationForm, render

ANNEX = """
이천시 행정전화 녹취정보 (열람·제공) 신청서 | 신청인 |
성명 (기관·단체명) | 생년월일 (법인·사업자번호) |
주소 (부서명) | 녹취정보 |
송신번호 | 통화일시 | 수신번호 | 신청용도 | 정보주체와의 관계 | 신청사유 |
「이천시 행정전화 녹취시스템 운영 지침」 제7조제2항에 따라
녹취정보를 (열람·제공)하여 줄 것을 신청합니다. |
년 월 일 | 신청인 성명(기관·단체명) | (서명 또는 날인) | 이천시장 귀하 | 첨부서류 |
「이천시 행정전화 녹취시스템 운영 지침」 제7조제1항을 확인 할 수 있는 증명서류
"""


def test_a_blank_form_says_what_the_annex_says_and_nothing_else() -> None:
    text = text_of(render(ApplicationForm(wording=ICHEON)))

    assert text == packed("[별지 제1호서식]" + ANNEX.replace("|", ""))


def test_every_box_is_printed_whole() -> None:
    text = text_of(render(APPLICATIONS["signed"]))

    for value in (
        "홍길동", "1975. 3. 9.", "경기도 이천시 부악로 40 (중리동)", "010-1234-5678",
        "031-644-1234", "2026. 11. 23. 14:05", "민원 처리 결과 확인", "본인", APPLICATION.reason,
        "2026년 11월 24일", "가입사실확인서, 신분증 확인", "관리번호 2026-0001",
        "문서확인번호 K7QF-9M2X-TR4H-8WPD-3VNC",
    ):  # fmt: skip
        assert packed(value) in text


def test_six_hundred_letters_of_reason_stay_in_their_box() -> None:
    pages = pages_of(render(APPLICATIONS["reason 600"]))

    assert len(pages) == 1
    assert packed(REASON_600) in pages[0]


def test_a_longer_reason_goes_on_on_further_pages_with_a_pointer() -> None:
    first, *further = pages_of(render(replace(APPLICATION, reason=REASON_LONGEST)))

    assert "(다음쪽에이어집니다)" in first
    assert all("신청사유(앞쪽에서이어짐)" in page for page in further)
    total = 1 + len(further)
    rests = [p.split("(앞쪽에서이어짐)")[1].split(f"{n}/{total}")[0]
             for n, p in enumerate(further, 2)]  # fmt: skip
    shown = packed(REASON_LONGEST).removesuffix("".join(rests))
    assert shown != packed(REASON_LONGEST)
    assert f"{shown}(다음쪽에이어집니다)" in first


def test_long_names_addresses_and_five_calls_wrap_on_the_form_itself() -> None:
    first = pages_of(render(APPLICATIONS["longest"]))[0]

    for value in (LONG_NAME, LONG_ADDRESS, "5) 010-1234-5674", "5) 031-644-1234", "1) 2026. 11."):
        assert packed(value) in first
    assert "증명서류" in first


def test_a_name_over_its_box_and_many_calls_lose_nothing() -> None:
    text = text_of(render(replace(APPLICATION, calls=requested_calls(12), purpose="용도" * 100)))

    assert "12)2026.12.4.14:05~14:35" in text
    assert text.count("용도") >= 100


@pytest.mark.parametrize("text", ["뷁 똠 갂", "①㎡㊞", "洪吉童 金哲洙", STRANGE])
def test_rare_letters_are_printed(text: str) -> None:
    assert packed(text) in text_of(render(replace(APPLICATION, reason=text)))


def test_what_does_not_apply_is_struck_through() -> None:
    def strokes(disclosure_type: str) -> int:
        page = picture(render(ApplicationForm(wording=ICHEON, disclosure_type=disclosure_type)))
        return sum(255 - value for value in page.get_flattened_data())

    blank = strokes("")
    assert strokes("inspection") > blank
    assert strokes("provision") > blank


def test_the_signature_lies_over_its_words_and_moves_nothing() -> None:
    unsigned = picture(render(APPLICATION))
    signed_pdf = render(replace(APPLICATION, signature_png=signature_png()))

    left, top, right, bottom = ImageChops.difference(unsigned, picture(signed_pdf)).getbbox() or ()
    width, height = unsigned.size
    assert left > width * 0.7
    assert right < width * 0.92
    assert height * 0.6 < top < bottom < height * 0.85
    assert images_of(signed_pdf) == 1


def test_over_two_lines_of_a_name_the_signature_covers_only_its_words() -> None:
    long = replace(APPLICATION, applicant_name=LONG_NAME)
    signed = render(replace(long, signature_png=signature_png()))
    drawn = ImageChops.difference(picture(render(long), scale=1), picture(signed, scale=1))
    left, top, right, bottom = drawn.getbbox() or ()
    [(page, letters)] = letters_on(signed)

    covered = [
        letter
        for letter, (x0, y0, x1, y1) in letters
        if x0 < right and x1 > left and page[3] - y1 < bottom and page[3] - y0 > top
    ]
    assert "명" in covered
    assert set(covered) <= set("(서명 또는 날인)")


def test_a_verified_form_carries_its_qr() -> None:
    assert images_of(render(replace(APPLICATION, verification_no="K7QF"))) == 1


@pytest.mark.parametrize("letter", ["𠮷", "😀", "ไ"])
def test_a_letter_no_font_has_is_an_error_naming_it(letter: str) -> None:
    with pytest.raises(DocumentError, match=f"U\\+{ord(letter):04X}"):
        render(replace(APPLICATION, applicant_name=f"홍{letter}동"))


@pytest.mark.parametrize("field", ["reason", "applicant_name", "purpose"])
def test_a_hundred_thousand_letters_are_refused(field: str) -> None:
    with pytest.raises(DocumentError, match="자까지"):
        render(replace(APPLICATION, **{field: "가" * 100_000}))


def test_an_unknown_kind_of_disclosure_is_refused() -> None:
    with pytest.raises(DocumentError, match="열람과 제공"):
        render(replace(APPLICATION, disclosure_type="view"))


@pytest.mark.parametrize("png", [b"no picture", b"\x89PNG\r\n\x1a\n", b"<svg/>"])
def test_a_signature_that_is_no_picture_is_refused_not_left_out(png: bytes) -> None:
    with pytest.raises(DocumentError, match="서명"):
        render(replace(APPLICATION, signature_png=png))
