"""사업자등록번호 and 법인등록번호 with their check digits."""

from __future__ import annotations

from portal import phones

_BUSINESS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
_CORPORATE = (1, 2) * 6


def business_number(typed: str) -> str | None:
    """`123-45-67891` of ten digits whose last one checks the others; None for anything else."""
    digits = phones.digits(typed)
    if len(digits) != 10:
        return None
    numbers = [int(digit) for digit in digits]
    total = sum(a * b for a, b in zip(numbers, _BUSINESS, strict=False)) + numbers[8] * 5 // 10
    if (total + numbers[9]) % 10:
        return None
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"


def is_usual_corporate(number: str) -> bool:
    """Whether 13 digits end in their check digit; newer numbers need not, so this only warns."""
    digits = phones.digits(number)
    if len(digits) != 13:
        return False
    total = sum(int(a) * b for a, b in zip(digits, _CORPORATE, strict=False))
    return (total + int(digits[12])) % 10 == 0
