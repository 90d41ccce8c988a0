"""How many lines a text takes in a box, and where it must go on elsewhere."""

from __future__ import annotations

_SAFE = 0.97  # of the width: measured and drawn lines may differ by a hair


def wrap(text: str, width: float, size: float) -> list[str]:
    """Lines of `text` in a box `width` points wide at `size` points: broken between words,
    inside a word only where it is longer than a line, as `overflow-wrap: break-word` does.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines.extend(_wrap_paragraph(paragraph, width * _SAFE, size))
    return lines


def count_lines(text: str, width: float, size: float) -> int:
    """Lines `text` takes, at least one."""
    return max(len(wrap(text, width, size)), 1)


def split_text(text: str, width: float, size: float, lines: int) -> tuple[str, str]:
    """What fits in `lines` lines, and the rest (empty when all fits). Joined again, the words are
    the same: nothing is lost but the space or newline at the break.
    """
    wrapped = wrap(text, width, size)
    if len(wrapped) <= lines:
        return text, ""
    shown = "".join(wrapped[:lines])
    return shown.rstrip(), "".join(wrapped[lines:]).strip()


def _wrap_paragraph(paragraph: str, width: float, size: float) -> list[str]:
    from portal.documents.fonts import text_width

    lines: list[str] = []
    line = ""
    for word in paragraph.split(" "):
        joined = f"{line} {word}" if line else word
        if text_width(joined, size) <= width:
            line = joined
            continue
        if line:
            lines.append(line + " ")
        *full, line = _break_word(word, width, size)
        lines.extend(full)
    return [*lines, line + "\n"]


def _break_word(word: str, width: float, size: float) -> list[str]:
    from portal.documents.fonts import text_width

    parts = [""]
    used = 0.0
    for letter in word:
        advance = text_width(letter, size)
        if used + advance > width and parts[-1]:
            parts.append("")
            used = 0.0
        parts[-1] += letter
        used += advance
    return parts
