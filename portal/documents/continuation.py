"""What does not fit in its box goes on on a further page, with a pointer: nothing is cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from portal.documents.errors import DoesNotFitError
from portal.documents.fit import count_lines, split_text

POINTER = "(다음 쪽에 이어집니다)"
_SHORT_POINTER = "(이어짐)"  # in a narrow box
_SIZE, _WIDTH = 10.5, 468.0  # points, of the text on a further page
_PAGE_LINES = 49
_LABEL_LINES = 3  # what a label and its padding take


@dataclass(frozen=True, slots=True)
class Continued:
    """The rest of one box, or what of it stands on one page."""

    label: str
    text: str


@dataclass(slots=True)
class Continuation:
    """Collects the rests of a form's boxes in their order."""

    sections: list[Continued] = field(default_factory=list)

    def box(self, label: str, text: str, width: float, size: float, lines: int) -> str:
        """What a box of `lines` lines, `width` points wide at `size` points, shows of `text`.

        When something is left it is kept for the further page and the last line is the pointer.
        """
        if count_lines(text, width, size) <= lines:
            return text
        shown, rest = split_text(text, width, size, max(lines - 1, 1))
        self.sections.append(Continued(label, rest))
        narrow = count_lines(POINTER, width, size) > 1
        return f"{shown}\n{_SHORT_POINTER if narrow else POINTER}"

    def pages(self) -> list[list[Continued]]:
        """The sections page by page, each page with a closed frame of its own."""
        pages: list[list[Continued]] = []
        left = 0
        for section in self.sections:
            rest = section.text
            while rest:
                if left <= _LABEL_LINES:
                    pages.append([])
                    left = _PAGE_LINES
                shown, rest = split_text(rest, _WIDTH, _SIZE, left - _LABEL_LINES)
                pages[-1].append(Continued(section.label, shown))
                left -= _LABEL_LINES + count_lines(shown, _WIDTH, _SIZE)
        return pages


def draw_roomy_or_tight(draw: Callable[[bool], bytes]) -> bytes:
    """`draw(False)`, its boxes as high as usual; where the form would not stay on its page
    `draw(True)`, which lets less into each box and more onto further pages.
    """
    try:
        return draw(False)
    except DoesNotFitError:
        return draw(True)
