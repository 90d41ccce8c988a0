"""별지 제2호서식: the receipt of handover (제7조③), unsigned as stored and signed as issued."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from portal.documents.continuation import Continuation, draw_roomy_or_tight
from portal.documents.errors import DocumentError
from portal.documents.fields import cleaned
from portal.documents.fit import count_lines
from portal.documents.images import qr_image, signature_image
from portal.documents.press import pressed
from portal.documents.render import render_pdf
from portal.documents.text import korean_datetime, korean_long_date
from portal.documents.wording import Wording
from portal.phones import shown

_SIZE, _LINE = 9.0, 12.6  # points, in the table of recordings
_PARTY_SIZE, _PARTY_LINE = 11.0, 15.4  # points, below
_PURPOSE, _REMARKS, _VALUE, _NAME = 90.0, 61.0, 305.0, 236.0  # inner widths in points
_REPLY = 440.0  # the same, of the line that names the 회신 공문
_SPARE = 236.0  # points a form of one row and short names leaves for its gaps
_GAPS, _LEAST_GAP, _WIDEST_GAP = 7, 3.0, 26.0  # number; points
# Label on the further page, inner width in points, most lines, most where room is scarce.
_PARTIES = {
    "transferor_department": ("인계자 소속", _VALUE, 2, 1),
    "transferor_rank": ("인계자 직급", _VALUE, 2, 1),
    "transferor_name": ("인계자 성명", _NAME, 2, 1),
    "transferee_address": ("인수자 주소(부서명)", _VALUE, 5, 2),
    "transferee_name": ("인수자 성명(기관·단체명)", _NAME, 5, 2),
}
_ROWS = 5  # on the form itself
_ROWS_FURTHER = 14  # on a further page
_MOST_ROWS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptRow:
    """One recording, or several under one number."""

    control_no: str = ""
    caller_number: str = ""  # digits or words
    callee_number: str = ""
    called_at: datetime | None = None  # aware
    file_count: int | None = None
    purpose: str = ""
    remarks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverReceipt:
    """The boxes of Form 2; what is left empty prints empty, to be filled in by hand."""

    wording: Wording
    rows: tuple[ReceiptRow, ...] = ()  # beyond five they go on on a further page
    received_on: date | None = None
    signed_on: date | None = None
    transferor_department: str = ""
    transferor_rank: str = ""
    transferor_name: str = ""
    transferee_address: str = ""  # or department
    transferee_name: str = ""  # or organisation
    reply: str = ""  # how it was sent with a 회신 공문; nobody signs as 인수자 then
    transferor_signature_png: bytes = b""
    transferee_signature_png: bytes = b""
    unsigned_sha256: str = ""  # hex, of the stored unsigned document; only with both signatures
    control_no: str = ""
    verification_no: str = ""
    verification_url: str = ""  # what the QR holds; the number where empty


@dataclass(frozen=True, slots=True)
class _PrintedRow:
    control_no: str
    numbers: str
    called_at: str
    file_count: str
    purpose: str
    purpose_rows: int  # rows the purpose spans; 0: covered by the one above
    remarks: str


@pressed
def render(receipt: HandoverReceipt) -> bytes:
    """Form 2 as PDF, signed when both signatures and the hash of the unsigned one are given.

    Raises `DocumentError` where it cannot be printed whole, or is signed by halves.
    """
    receipt = cleaned(receipt, {"transferee_name": 100})
    _check(receipt)
    return draw_roomy_or_tight(partial(_draw, receipt))


def _draw(receipt: HandoverReceipt, tight: bool) -> bytes:
    parties_further, further = Continuation(), Continuation()
    receipt = _shortened(receipt, parties_further, tight)
    lines = 2 if tight else _lines_a_row(receipt)
    rows = _printed(receipt.rows or (ReceiptRow(),), lines, further)
    further.sections.extend(parties_further.sections)
    tables = [rows[n : n + _ROWS_FURTHER] for n in range(_ROWS, len(rows), _ROWS_FURTHER)]
    pages = further.pages()
    return render_pdf(
        "form2.html",
        pages=1 + len(tables) + len(pages),
        total_pages=1 + len(tables) + len(pages),
        wording=receipt.wording,
        receipt=receipt,
        rows=rows[:_ROWS],
        tables=[_respanned(table) for table in tables],
        gap=_gap(receipt, rows),
        more=max(len(rows) - _ROWS, 0),
        further=pages,
        received_on=_day(receipt.received_on),
        signed_on=_day(receipt.signed_on),
        transferor=signature_image(receipt.transferor_signature_png),
        transferee=signature_image(receipt.transferee_signature_png),
        qr=qr_image(
            receipt.verification_no and (receipt.verification_url or receipt.verification_no)
        ),
    )


def _check(receipt: HandoverReceipt) -> None:
    signed = [receipt.transferor_signature_png, receipt.transferee_signature_png]
    if receipt.reply:
        if receipt.transferee_signature_png:
            raise DocumentError("공문으로 회신한 인계·인수증에는 인수자의 서명이 없습니다.")
        signed = signed[:1]
    if any(signed) and not all(signed):
        raise DocumentError("인계자와 인수자의 서명이 모두 있어야 합니다.")
    digest = receipt.unsigned_sha256
    if all(signed) != bool(digest) or (
        digest and (len(digest) != 64 or not set(digest) <= set("0123456789abcdef"))
    ):
        raise DocumentError("서명본에는 서명 전 문서의 SHA-256이 있어야 합니다.")
    if len(receipt.rows) > _MOST_ROWS:
        raise DocumentError(f"인계·인수증 한 부에는 {_MOST_ROWS}건까지 적을 수 있습니다.")


def _shortened(receipt: HandoverReceipt, further: Continuation, tight: bool) -> HandoverReceipt:
    """The receipt with what the lines of the parties can show."""
    shown_texts: dict[str, Any] = {
        name: further.box(
            label, getattr(receipt, name), width, _PARTY_SIZE, least if tight else most
        )
        for name, (label, width, most, least) in _PARTIES.items()
    }
    return replace(receipt, **shown_texts)


def _printed(rows: Sequence[ReceiptRow], lines: int, further: Continuation) -> list[_PrintedRow]:
    """The rows, each box at most `lines` lines high; a purpose all share is printed once."""
    same = len({row.purpose for row in rows}) == 1
    span = min(len(rows), _ROWS) if same else 1
    printed = []
    for number, row in enumerate(rows):
        where = f" ({row.control_no})" if row.control_no else ""
        label = "신청목적" if same else f"신청목적{where}"
        purpose, spanned = "", 0
        if number == 0 or not same:
            purpose = further.box(label, row.purpose, _PURPOSE, _SIZE, lines * span)
            spanned = span
        printed.append(
            _PrintedRow(
                control_no=row.control_no,
                numbers=_numbers(row),
                called_at=korean_datetime(row.called_at) if row.called_at else "",
                file_count="" if row.file_count is None else str(row.file_count),
                purpose=purpose,
                purpose_rows=spanned,
                remarks=further.box(f"비고{where}", row.remarks, _REMARKS, _SIZE, lines),
            )
        )
    return printed


def _lines_a_row(receipt: HandoverReceipt) -> int:
    """Lines that a row may take so that the form stays on its page."""
    count = min(max(len(receipt.rows), 1), _ROWS)
    spare = _SPARE - _LEAST_GAP * _GAPS - _outside(receipt) - (count - 1) * _row_height(2)
    return min(max(2 + int(spare / (count * _LINE)), 2), 6)


def _gap(receipt: HandoverReceipt, rows: Sequence[_PrintedRow]) -> float:
    """White space in points before each section: what the page leaves, shared out evenly."""

    def lines(row: _PrintedRow) -> int:
        own = count_lines(row.purpose, _PURPOSE, _SIZE) if row.purpose_rows == 1 else 1
        return max(2, own, count_lines(row.remarks, _REMARKS, _SIZE))

    height = sum(_row_height(lines(row)) for row in rows[:_ROWS])
    shared = _row_height(count_lines(rows[0].purpose, _PURPOSE, _SIZE))
    spare = _SPARE - _outside(receipt) - (max(height, shared) - _row_height(2))
    return round(min(max(spare / _GAPS, _LEAST_GAP), _WIDEST_GAP), 1)


def _outside(receipt: HandoverReceipt) -> float:
    """Points by which the parties and the line "외 n건" outgrow a usual form."""
    usual = {"transferee_address": 2, "transferee_name": 2}
    extras = (
        count_lines(getattr(receipt, name), width, _PARTY_SIZE) - usual.get(name, 1)
        for name, (_, width, *_) in _PARTIES.items()
    )
    more = _row_height(1) if len(receipt.rows) > _ROWS else 0
    if receipt.reply:
        more += count_lines(receipt.reply, _REPLY, _PARTY_SIZE) * _PARTY_LINE + 6
    return more + sum(max(extra, 0) for extra in extras) * _PARTY_LINE


def _row_height(lines: int) -> float:
    return lines * _LINE + 7


def _respanned(rows: list[_PrintedRow]) -> list[_PrintedRow]:
    """On a further page an equal purpose is not printed again but referred to."""
    if any(row.purpose_rows for row in rows):
        return rows
    first, *others = rows
    return [replace(first, purpose="앞쪽과 같음", purpose_rows=len(rows)), *others]


def _numbers(row: ReceiptRow) -> str:
    """Both numbers of the call, the caller's first."""
    named = [("송신", row.caller_number), ("수신", row.callee_number)]
    return "\n".join(f"{label} {shown(number)}" for label, number in named if number)


def _day(day: date | None) -> str:
    gap = "\u00a0" * 7
    return korean_long_date(day) if day else f"20{gap}년{gap}월{gap}일"
