import unicodedata
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.documents.text import (
    korean_date,
    korean_datetime,
    korean_long_date,
    korean_period,
    printable,
)


def test_loose_jamo_are_joined_to_syllables() -> None:
    assert printable(unicodedata.normalize("NFD", "뷁 똠 갂")) == "뷁 똠 갂"


@pytest.mark.parametrize(
    "hidden",
    ["\x00", "\x1b", "\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\u00ad", "\ud800", "\ue000",
     "\u3164", "\u115f", "\ufe0f", "\U000e0041", "\U000f0000", "\u061c", "\ufffe"],
)  # fmt: skip
def test_nothing_invisible_stays_in_the_text(hidden: str) -> None:
    assert printable(f"홍{hidden}길동") == "홍길동"


def test_lines_and_spaces_are_kept_as_newline_and_space() -> None:
    assert printable("가\r\n나\r다\u2028라\t마\u3000바\u00a0사") == "가\n나\n다\n라 마 바 사"


@given(st.text(alphabet=st.characters(), max_size=60))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = printable(text)

    assert printable(once) == once
    once.encode("utf-8")


def test_dates_print_in_seoul_time() -> None:
    late = datetime(2026, 11, 22, 15, 5, tzinfo=UTC)

    assert korean_date(date(2026, 11, 23)) == "2026. 11. 23."
    assert korean_date(late) == "2026. 11. 23."
    assert korean_long_date(late) == "2026년 11월 23일"
    assert korean_datetime(late) == "2026. 11. 23. 00:05"


def test_a_period_names_the_second_day_only_when_it_differs() -> None:
    start = datetime(2026, 11, 23, 5, 5, tzinfo=UTC)

    assert korean_period(start, None) == "2026. 11. 23. 14:05"
    assert korean_period(start, start.replace(hour=6)) == "2026. 11. 23. 14:05 ~ 15:05"
    assert korean_period(start, start.replace(day=24)).endswith("~ 2026. 11. 24. 14:05")


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        korean_datetime(datetime(2026, 11, 23, 14, 5))  # noqa: DTZ001
