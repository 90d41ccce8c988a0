"""What people type about a restriction, as it may be stored and printed."""

from __future__ import annotations

from portal.applications.resident_number import MESSAGE, holds_resident_number
from portal.documents.glyphs import unprintable
from portal.restrictions.refusals import BadEntry


def checked_text(field: str, text: str, longest: int) -> str:
    """A cleaned text that may be empty. Raises `BadEntry`: too long, 주민등록번호, no glyph."""
    if len(text) > longest:
        raise BadEntry(field, f"{longest:,}자까지 적을 수 있습니다 (지금 {len(text):,}자).")
    if holds_resident_number(text):
        raise BadEntry(field, MESSAGE)
    if refused := unprintable(text):
        raise BadEntry(field, refused)
    return text


def required_text(field: str, text: str, longest: int, missing: str) -> str:
    """As `checked_text`, but `missing` is said where there is none."""
    if not text:
        raise BadEntry(field, missing)
    return checked_text(field, text, longest)
