"""공문: a letter of the institution in the layout of Korean official papers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from portal.documents.blocks import LIMITS, Item, Items, enclosed
from portal.documents.fields import cleaned
from portal.documents.images import qr_image
from portal.documents.press import pressed
from portal.documents.render import render_pdf
from portal.documents.text import korean_date
from portal.documents.wording import Wording

_ENDS = "\u00a0\u00a0끝."


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter; the sender is the institution's head, who seals it by hand where needed."""

    wording: Wording
    recipient: str  # without 귀하
    title: str
    items: tuple[Item, ...]
    dated: date
    document_no: str = ""  # 시행
    enclosures: tuple[str, ...] = ()
    sender: str = ""  # 발신명의; the head of the institution where empty
    contact: str = ""  # telephone of the department
    drafter: str = ""  # 기안: title and name
    decider: str = ""  # 결재: title, name and day
    verification_no: str = ""
    verification_url: str = ""  # what the QR holds; the number where empty


@pressed
def render(letter: Letter) -> bytes:
    """The letter as PDF, as many pages as it takes. Raises `DocumentError`."""
    letter = cleaned(letter, LIMITS)
    number = letter.verification_no
    items = letter.items if letter.enclosures else _ended(letter.items)
    return render_pdf(
        "letter.html",
        wording=letter.wording,
        letter=letter,
        blocks=(Items(items),),
        enclosures=enclosed(letter.enclosures),
        sender=letter.sender or letter.wording.addressee,
        dated=korean_date(letter.dated),
        qr=qr_image(number and (letter.verification_url or number)),
    )


def _ended(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Where nothing is enclosed, the last line of the body ends in "끝."."""
    *others, last = items
    if last.items:
        return (*others, replace(last, items=_ended(last.items)))
    return (*others, replace(last, text=last.text + _ENDS))
