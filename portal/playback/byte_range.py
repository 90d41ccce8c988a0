"""Which part of the sound one answer carries: never more than 1 MiB (decision 10)."""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST = 1024 * 1024  # bytes
_RANGE = re.compile(r"bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*\Z", re.ASCII | re.IGNORECASE)


class Unsatisfiable(ValueError):
    """No such bytes, or more than one range at once: 416."""


@dataclass(frozen=True)
class ByteRange:
    """From `first` up to but not including `end`."""

    first: int
    end: int


def choose(header: str | None, size: int) -> ByteRange:
    """The part of `size` bytes that answers a Range header, or the first part without one.

    A unit other than bytes is ignored, as HTTP has it. Raises `Unsatisfiable`.
    """
    if header is None or not header.strip().lower().startswith("bytes"):
        return _limited(0, size, size)
    asked = _RANGE.match(header.strip())
    if asked is None or not any(asked.groups()):
        raise Unsatisfiable(header)
    first, last = asked.groups()
    if not first:
        return _limited(max(0, size - int(last)), size, size)
    if last and int(last) < int(first):
        raise Unsatisfiable(header)
    return _limited(int(first), int(last) + 1 if last else size, size)


def _limited(first: int, end: int, size: int) -> ByteRange:
    if first >= size:
        raise Unsatisfiable(f"{first} of {size}")
    return ByteRange(first, min(end, size, first + MOST))
