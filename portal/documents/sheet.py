"""A paper of its own layout: a title, blocks, and to whom it is addressed. No letter."""

from __future__ import annotations

from dataclasses import dataclass

from portal.documents.blocks import LIMITS, Block
from portal.documents.fields import cleaned
from portal.documents.images import qr_image
from portal.documents.press import pressed
from portal.documents.render import render_pdf
from portal.documents.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Confirmations, receipts, notes and blanks."""

    wording: Wording
    title: str
    blocks: tuple[Block, ...]
    control_no: str = ""
    issuer: str = ""  # large below the blocks, such as 이천시장
    addressee: str = ""  # "이천시장 귀하"
    verification_no: str = ""
    verification_url: str = ""  # what the QR holds; the number where empty


@pressed
def render(sheet: Sheet) -> bytes:
    """The sheet as PDF, as many pages as it takes. Raises `DocumentError`."""
    sheet = cleaned(sheet, LIMITS)
    number = sheet.verification_no
    return render_pdf(
        "sheet.html",
        wording=sheet.wording,
        sheet=sheet,
        qr=qr_image(number and (sheet.verification_url or number)),
    )
