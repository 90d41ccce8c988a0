"""Letters that no font of official paper can draw are refused where they are typed."""

from __future__ import annotations

from portal.documents.coverage import missing_glyphs

_NAMED = 10


def unprintable(text: str) -> str:
    """What to say where `text` holds letters that cannot be printed; empty where it holds none.

    A paper with a box for a letter is never issued; without this the paper itself would fail.
    """
    missing = missing_glyphs(text)
    if not missing:
        return ""
    named = ", ".join(f"‘{letter}’" for letter in missing[:_NAMED])
    return f"인쇄할 수 없는 글자가 있습니다: {named}. 다른 글자로 바꾸어 적어 주십시오."
