"""The notice of a restriction: a Korean official letter with its receipt."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from documents.reading import images_of, letters_on, overprinted, packed, pages_of
from documents.samples import ELSEWHERE, ICHEON
from portal.documents.errors import DocumentError
from portal.documents.restriction_notice import RestrictionNotice, render

NOTICE = RestrictionNotice(
    wording=ICHEON,
    sender="정보통신과장",
    number="정보통신과-사용제한-2026-0001",
    department="도시개발과",
    rank="주무관",
    name="이도윤",
    ground_article="제9조제2호",
    ground_text="녹취 시 사전고지를 하지 않고 사용한 경우",
    reason="2026. 11. 20. 14:05 통화에서 고지하지 않음.",
    scope=("포털 이용", "행정전화 녹음"),
    from_on=date(2026, 11, 25),
    last_on=date(2026, 12, 24),
    counter_title="민원창구 직원",
    drafter_title="시스템 관리자",
    drafter_name="최민준",
    decider_title="과장",
    decider_name="강지훈",
    decided_on=date(2026, 11, 24),
    verification_no="ABCD-EFGH-IJKL-MNOP",
)


def test_the_letter_has_what_an_official_paper_has_and_ends_with_its_mark() -> None:
    letter, receipt = pages_of(render(NOTICE))

    for value in (
        "수신 도시개발과 주무관 이도윤", "제목 행정전화 녹취시스템 사용 제한 통지",
        "라. 제한 범위: 포털 이용, 행정전화 녹음", "2026. 11. 25.부터 2026. 12. 24.까지",
        "붙임 사용 제한 통지서 수령증 1부. 끝.", "문서확인번호 ABCD-EFGH-IJKL-MNOP",
        "기안 시스템 관리자 최민준 결재 과장 강지훈 2026. 11. 24.",
    ):  # fmt: skip
        assert packed(value) in letter
    assert packed("사용 제한 통지서 수령증") in receipt
    assert packed("서명을 거부함") in receipt
    assert images_of(render(NOTICE)) == 1  # the QR


def test_an_open_restriction_says_until_it_is_lifted() -> None:
    assert (
        packed("2026. 11. 25.부터 해제할 때까지")
        in pages_of(render(replace(NOTICE, last_on=None)))[0]
    )


@pytest.mark.parametrize("reason", ["가" * 1000, "긴 사정 " * 200, "줄\n" * 15])
def test_long_facts_are_printed_whole_and_nothing_overprints(reason: str) -> None:
    pdf = render(replace(NOTICE, reason=reason))

    text = "".join(pages_of(pdf))
    assert text.count(reason.strip()[0]) >= reason.count(reason.strip()[0])
    assert all(not overprinted(letters) for _page, letters in letters_on(pdf))


def test_what_is_too_long_or_cannot_be_printed_makes_no_paper() -> None:
    for reason in ("가" * 1001, "줄\n" * 40, "웃음 \U0001f600"):
        with pytest.raises(DocumentError):
            render(replace(NOTICE, reason=reason))


def test_typed_markup_stays_text() -> None:
    pdf = render(replace(NOTICE, reason='<img src="file:x"> <b>굵게</b>'))

    assert packed('<img src="file:x"> <b>굵게</b>') in pages_of(pdf)[0]


def test_another_city_prints_its_own_words() -> None:
    text = "".join(pages_of(render(replace(NOTICE, wording=ELSEWHERE, sender="통신과장"))))

    assert packed("행정전화 녹음시스템 사용 제한 통지") in text
    assert "이천" not in text
    assert "녹음정보의열람" in text


def test_the_address_of_the_office_stands_under_the_letter_where_it_is_set() -> None:
    foot = "우 17379 경기도 이천시 부악로 40 / 전화 031-644-2300 / 비공개(6)"
    plain, _receipt = pages_of(render(NOTICE))
    letter, receipt = pages_of(render(replace(NOTICE, wording=replace(ICHEON, letter_foot=foot))))

    assert packed(foot) in packed(letter) and packed(foot) not in packed(plain + receipt)
