"""Which bytes a Range header gets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.playback.byte_range import MOST, ByteRange, Unsatisfiable, choose

SIZE = 3 * MOST


@pytest.mark.parametrize(
    ("header", "part"),
    [
        (None, (0, MOST)),
        ("bytes=0-", (0, MOST)),
        ("bytes=0-0", (0, 1)),
        ("bytes=100-199", (100, 200)),
        ("Bytes = 100 - 199", (100, 200)),
        (f"bytes=0-{SIZE}", (0, MOST)),
        (f"bytes={SIZE - 5}-", (SIZE - 5, SIZE)),
        (f"bytes={SIZE - 5}-{SIZE * 2}", (SIZE - 5, SIZE)),
        ("bytes=-7", (SIZE - 7, SIZE)),
        (f"bytes=-{SIZE * 9}", (0, MOST)),
        ("pages=1-2", (0, MOST)),
    ],
)
def test_a_range_gets_its_bytes_and_never_more_than_a_mebibyte(
    header: str | None, part: tuple[int, int]
) -> None:
    assert choose(header, SIZE) == ByteRange(*part)


@pytest.mark.parametrize(
    "header",
    [
        f"bytes={SIZE}-",
        f"bytes={SIZE}-{SIZE + 1}",
        "bytes=-0",
        "bytes=-",
        "bytes=",
        "bytes=5-4",
        "bytes=0-1,5-6",
        "bytes=a-b",
        "bytes=٣-٤",
        "bytes=--5",
        "bytes=1-2-3",
        "bytes=" + "9" * 5000 + "-",
    ],
)
def test_what_cannot_be_given_is_unsatisfiable(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        choose(header, SIZE)


@given(st.text(max_size=40), st.integers(1, 10 * MOST))
def test_no_header_gets_more_than_there_is_or_than_a_mebibyte(text: str, size: int) -> None:
    for header in (text, f"bytes={text}"):
        try:
            part = choose(header, size)
        except Unsatisfiable:
            continue
        assert 0 <= part.first < part.end <= size
        assert part.end - part.first <= MOST
