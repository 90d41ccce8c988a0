"""The form of a number that the institution chooses: `{year}-{serial:04d}`."""

from __future__ import annotations


def checked_format(pattern: str, longest: int) -> str:
    """`pattern`, where it gives every serial of every year a number of its own.

    Raises ValueError naming what is missing, unknown or too long.
    """
    try:
        numbers = {
            pattern.format(year=year, serial=serial)
            for year, serial in ((2026, 1), (2026, 2), (2027, 1))
        }
    except (KeyError, IndexError, AttributeError) as error:
        raise ValueError(f"{{year}}와 {{serial}}만 쓸 수 있습니다 ({error})") from error
    if len(numbers) < 3:
        raise ValueError("{year}와 {serial}이 모두 있어야 합니다")
    longest_number = max(len(number) for number in numbers)
    if longest_number > longest or not all(number.isprintable() for number in numbers):
        raise ValueError(f"한 줄에 {longest}자까지 쓸 수 있습니다")
    return pattern
