"""What papers other than the three forms are built of; `templates/documents/_blocks.html` draws it.

Items are numbered as Korean official papers number them: 1. 가. 1) 가), one item alone not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from portal.documents.images import PlacedImage, signature_image
from portal.documents.text import korean_long_date

#: Characters of one text of a block.
LIMITS = {"text": 5_000, "rows": 2_000}
_SYLLABLES = "가나다라마바사아자차카타파하"
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Item:
    """One numbered point with what stands below it."""

    text: str
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Items:
    """Numbered points."""

    items: tuple[Item, ...]
    kind: str = "items"

    @property
    def lines(self) -> list[Line]:
        return list(_numbered(self.items, 0))


@dataclass(frozen=True, slots=True)
class Sentence:
    """Text across the paper, centred where so marked."""

    text: str
    centred: bool = False
    kind: str = "sentence"


@dataclass(frozen=True, slots=True)
class Facts:
    """A framed table: a label and its value, or two such pairs a row."""

    rows: tuple[tuple[str, ...], ...]
    by_hand: bool = False  # with room to write
    kind: str = "facts"


@dataclass(frozen=True, slots=True)
class Grid:
    """A framed table with heads; `widths` in percent add up to 100."""

    heads: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    empty_rows: int = 0  # to be filled in by hand
    kind: str = "grid"


@dataclass(frozen=True, slots=True)
class Signing:
    """The day, blank where None, and who signs: label, name, and what stands behind it."""

    signed_on: date | None = None
    signers: tuple[Signer, ...] = ()
    kind: str = "signing"

    @property
    def day(self) -> str:
        gap = "\u00a0" * 8
        return korean_long_date(self.signed_on) if self.signed_on else f"{gap}년{gap}월{gap}일"


@dataclass(frozen=True, slots=True)
class Signer:
    label: str
    name: str = ""
    place: str = "(서명 또는 인)"
    signature_png: bytes = b""

    @property
    def image(self) -> PlacedImage | None:
        return signature_image(self.signature_png)


@dataclass(frozen=True, slots=True)
class Line:
    """A point as it is drawn; `depth` from 0. One that `leads` stays with what stands below it."""

    depth: int
    number: str
    text: str
    leads: bool = False


Block = Items | Sentence | Facts | Grid | Signing


def enclosed(names: Sequence[str]) -> list[str]:
    """붙임 as official papers list it, its last line ending in "끝."."""
    if not names:
        return []
    if len(names) == 1:
        return [f"{names[0]} 1부.\u00a0\u00a0끝."]
    lines = [f"{number}. {name} 1부." for number, name in enumerate(names, 1)]
    return [*lines[:-1], f"{lines[-1]}\u00a0\u00a0끝."]


def _numbered(items: Sequence[Item], depth: int) -> Iterator[Line]:
    for position, item in enumerate(items):
        number = _number(position, depth) if len(items) > 1 else ""
        yield Line(depth, number, item.text, leads=bool(item.items))
        yield from _numbered(item.items, depth + 1)


def _number(position: int, depth: int) -> str:
    """1. 가. 1) 가); the deepest level repeats."""
    level = min(depth, _DEEPEST - 1)
    letter = str(position + 1) if level % 2 == 0 else _syllable(position)
    return f"{letter}{'.' if level < 2 else ')'}"


def _syllable(position: int) -> str:
    """가 … 하, 거 …: the fifteenth point goes on with the next vowel."""
    turn, letter = divmod(position, len(_SYLLABLES))
    return chr(ord(_SYLLABLES[letter]) + 28 * (0, 4, 8, 13)[turn % 4])
