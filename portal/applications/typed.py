"""What people write to each other about an application: reasons, requests and answers."""

from __future__ import annotations

from dataclasses import dataclass

from portal.applications.resident_number import MESSAGE, holds_resident_number
from portal.applications.wording import paragraphs
from portal.documents.glyphs import unprintable

LONGEST = 1000  # characters


@dataclass
class BadText(Exception):
    """The text, or the day beside it, is missing or cannot be kept; `field` names it on the page.

    `str()` says what to do, in Korean.
    """

    why: str
    field: str = "text"

    def __str__(self) -> str:
        return self.why


def kept(text: str, *, missing: str | None = None) -> str:
    """The text as it is stored. Raises `BadText`, with `missing` where an empty one will not do."""
    found = paragraphs(text)
    if missing and not found:
        raise BadText(missing)
    if len(found) > LONGEST:
        raise BadText(f"{LONGEST:,}자까지 적을 수 있습니다. 글을 줄여 주십시오.")
    if holds_resident_number(found):
        raise BadText(MESSAGE)
    if refused := unprintable(found):
        raise BadText(refused)
    return found
