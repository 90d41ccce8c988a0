"""주민등록번호와 외국인등록번호는 어디에도 적을 수 없다."""

from __future__ import annotations

import pytest

from portal.applications.resident_number import holds_resident_number


@pytest.mark.parametrize(
    "text",
    [
        "900101-1234567",
        "9001011234567",
        "900101 1234567",
        "번호는 900101 - 2234567 입니다",
        "900101–1234567",
        "９００１０１－１２３４５６７",
        "900101-\u200b1234567",
        "900101\n1234567",
        "010203-3234567",
        "850505-5123456",
        "000229-4000000",
        "스캔_900101-1234567.pdf",
        "x900101-1234567x",
    ],
)
def test_a_resident_or_alien_number_is_found(text: str) -> None:
    assert holds_resident_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "900101-1******",
        "900101",
        "901301-1234567",
        "900230-1234567",
        "010229-3234567",
        "900101-9234567",
        "900101-0234567",
        "8900101-1234567",
        "900101-12345678",
        "010-1234-5678, 031-644-1234",
        "2026. 11. 23. 14:05",
        "가나다 123456",
    ],
)
def test_what_is_no_resident_number_passes(text: str) -> None:
    assert not holds_resident_number(text)
