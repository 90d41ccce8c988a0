"""Letters, slips and blanks: what they must say, numbered as official papers are."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from documents.more_samples import (
    CASE,
    CHECK,
    ICHEON,
    LONG,
    NOTE,
    OBJECTION,
    RECORD,
    REFUSED,
    SLIP,
)
from documents.reading import images_of, packed, text_of
from portal.documents import (
    blanks,
    destruction_record,
    monthly_check,
    notices,
    provision_note,
    receipt_slip,
)
from portal.documents.blocks import Item, Items, enclosed
from portal.documents.errors import DocumentError


def says(pdf: bytes, *texts: str) -> None:
    found = re.sub(r"-\d-", "", text_of(pdf))  # a page's number may stand between two lines
    for text in texts:
        assert packed(text) in found, text


def test_points_are_numbered_in_four_levels_and_one_alone_is_not() -> None:
    deep = Item("1", (Item("가", (Item("1)", (Item("가)"), Item("나)"))), Item("2)"))), Item("나")))

    lines = Items((deep, Item("2"))).lines

    assert [line.number for line in lines] == ["1.", "가.", "1)", "가)", "나)", "2)", "나.", "2."]
    assert [line.number for line in Items((Item("혼자"),)).lines] == [""]
    many = Items((Item("x", tuple(Item(str(n)) for n in range(16))),)).lines
    assert [line.number for line in many][-3:] == ["하.", "거.", "너."]


def test_enclosures_end_in_the_word_that_ends_a_paper() -> None:
    assert enclosed(["동의서"]) == ["동의서 1부.\u00a0\u00a0끝."]
    assert [line[-2:] for line in enclosed(["동의서", "위임장"])] == ["부.", "끝."]


def test_a_refusal_says_why_and_how_to_object() -> None:
    pdf = notices.refusal(
        REFUSED, reasons="당사자가 아닙니다.\n증명서류가 없습니다.", objection=OBJECTION
    )

    says(
        pdf,
        "수신 홍길동 귀하",
        "제목 행정전화 녹취정보 열람 신청 거절 통지",
        "라. 거절 사유 1) 당사자가 아닙니다. 2) 증명서류가 없습니다.",
        f"2. 이의 제기: {OBJECTION}",
        "끝. 이천시장",
        "기안 주무관 이보안 결재 과장 최과장 2026. 11. 24.",
        "시행 정보통신과 2026-0001 (2026. 11. 24.)",
    )
    assert images_of(pdf) == 1  # the QR


def test_long_reasons_are_whole_on_as_many_pages_as_they_take() -> None:
    reasons = [f"{number}번째 사유. {LONG}" for number in range(1, 21)]

    says(notices.refusal(CASE, reasons="\n".join(reasons), objection=OBJECTION), *reasons)


def test_what_was_not_found_or_died_is_told_with_its_retention_and_how_to_object() -> None:
    absent = notices.not_found(
        CASE, findings="그 시간대의 통화가 없습니다.", retention="60일", objection=OBJECTION
    )
    died = notices.expiry(
        CASE, deleted_on=CASE.dated, cause="처리 지연", retention="60일", objection=OBJECTION
    )

    says(absent, "그 시간대의 통화가 없습니다.", "보관기간(60일)", OBJECTION)
    says(died, "자동 삭제: 2026. 11. 24. 0시", "처리 지연", "제8조제1항", OBJECTION)


def test_a_supplement_request_says_what_until_when_and_when_it_will_be_too_late() -> None:
    pdf = notices.supplement_request(
        CASE, wanted="가입사실확인서", answer_by=CASE.dated, deleted_on=CASE.dated
    )

    says(
        pdf,
        "보완할 사항: 가입사실확인서",
        "보완 기한: 2026. 11. 24.",
        "2026. 11. 24. 0시에 자동 삭제",
    )


def test_the_slip_says_when_it_is_due_and_when_the_recording_dies() -> None:
    says(receipt_slip.render(SLIP), "2026. 11. 24. 14:00", "2026. 12. 4.", "2026. 12. 21. 0시")


def test_the_note_with_a_package_holds_every_duty_and_names_nobody() -> None:
    pdf = provision_note.render(NOTE)

    says(
        pdf,
        "비밀번호 등을 설정",
        "목적 외의 용도로 활용하거나",
        "즉시 파기하여야",
        "제8조제2항",
        "제10조",
    )
    says(pdf, *NOTE.file_names)
    assert "홍길동" not in text_of(pdf)


@pytest.mark.parametrize("name", list(blanks.BLANKS))
def test_a_blank_leaves_room_to_write_and_is_one_page(name: str) -> None:
    title, draw = blanks.BLANKS[name]

    says(draw(ICHEON), title, "이천시장 귀하")


def test_a_consent_says_who_to_what_and_until_when() -> None:
    says(
        blanks.consent(ICHEON),
        "동의하는 사람",
        "받는 사람",
        "동의하는 범위",
        "동의 기한",
        "제7조제1항제1호",
    )


def test_a_destruction_record_holds_numbers_and_fingerprint() -> None:
    says(destruction_record.render(RECORD), "1,204건", "3건", "9f" * 32, "2026. 11. 24. 00:00")


def test_a_check_that_nobody_signed_has_lines_to_sign_on() -> None:
    says(monthly_check.render(CHECK), "12,345건", "거부된 시도", "특이사항 없음", "(서명 또는 인)")


def test_letters_no_font_has_are_refused_and_not_printed_as_boxes() -> None:
    with pytest.raises(DocumentError, match="글꼴에 없는 글자"):
        notices.refusal(replace(CASE, recipient="𒀀"), reasons="가", objection="나")


def test_the_same_notice_has_the_same_bytes() -> None:
    def draw() -> bytes:
        return notices.refusal(CASE, reasons="가", objection="나")

    assert draw() == draw()
