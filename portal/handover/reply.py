"""회신 공문: a request by 공문 is answered by one, and nobody stands there to sign (제7조②④).

Only what an agency asked for on grounds 3–5 as 제공 can go this way. The 인계자 signs Form 2, which
names the 회신 공문 instead of a second signature; recording the dispatch is the handover, so it
writes the ledger row, 인수자 being the official in charge.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from portal import audit, clock, phones
from portal.accounts.models import Account
from portal.applications.models import Application
from portal.applications.move import move
from portal.applications.resident_number import MESSAGE, holds_resident_number
from portal.applications.states import Action
from portal.applications.wording import line
from portal.database import lock, write, writing
from portal.destruction.confirm import await_destruction
from portal.documents import form2, issue
from portal.documents.glyphs import unprintable
from portal.documents.text import korean_date
from portal.handover.blobs import blobs_of, drop_unused
from portal.handover.dead import remarks_of_dead
from portal.handover.form2_data import signed_form, transferee_address, unsigned_form
from portal.handover.models import HandoverReceipt
from portal.handover.prepare import CannotHandOver, receipt_of, require_ready
from portal.ids import public_id
from portal.ledger.write_row import write_row
from portal.packages.offer import offer
from portal.runtime import vault

LONGEST = 100  # characters of a 공문번호
_MAIL_DIGITS = 13
_AS_PRINTED = re.compile(r"\d{5}-\d{4}-\d{4}")


@dataclass
class BadReply(Exception):
    """A mistake in what was typed; `field` is "doc_no", "doc_on" or "mail_no"."""

    field: str
    why: str

    def __str__(self) -> str:
        return self.why


class NotByReply(CannotHandOver):
    """The application is one that is handed over in person."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """The 회신 공문, and the 등기번호 under which it went."""

    doc_no: str
    doc_on: date | None
    mail_no: str


@dataclass(frozen=True)
class _Printed:
    """The stored documents and what they were made from."""

    unsigned: form2.HandoverReceipt
    unsigned_blob: str
    unsigned_sha256: str
    signature: str
    stored: issue.Stored

    @property
    def blobs(self) -> list[str]:
        return [self.unsigned_blob, self.signature, self.stored.prepared.document_id]


def may_reply(application: Application) -> bool:
    """Whether it may be answered by 회신 공문: what is listened to is listened to here."""
    return application.is_official and application.disclosure_type == "provision"


def hand_over_by_reply(
    application: Application, reply: Reply, signature_png: bytes, *, by: Account
) -> HandoverReceipt:
    """Record the dispatch. Opens its own `write()`; state, paper and ledger row or none of them.

    Raises `NotByReply`, `BadReply`, what `require_ready` raises, and `DocumentError`.
    """
    if not may_reply(application):
        raise NotByReply(
            "공문으로 요청받아 제공하는 경우에만 공문으로 회신할 수 있습니다. "
            "그 밖의 신청은 인계·인수증에 양쪽이 서명하여 인계합니다."
        )
    require_ready(application, by)
    reply = checked(application, reply)
    earlier = blobs_of(receipt_of(application))
    printed = _print(application, reply, signature_png, by)
    try:
        with write():
            lock(application)
            require_ready(application, by)
            if _unsigned(application, reply, by) != printed.unsigned:
                raise CannotHandOver("그 사이 내용이 바뀌었습니다. 확인하고 다시 기록해 주십시오.")
            return _enter(application, reply, printed, by)
    finally:
        drop_unused([*printed.blobs, *earlier])


def checked(application: Application, reply: Reply) -> Reply:
    """As it is stored: the number in one line, the 등기번호 as its label prints it."""
    doc_no = line(reply.doc_no)
    if not doc_no:
        raise BadReply("doc_no", "회신 공문의 번호를 적어 주십시오. 인계·인수증에 적힙니다.")
    if len(doc_no) > LONGEST:
        raise BadReply("doc_no", f"공문번호는 {LONGEST}자까지 적을 수 있습니다.")
    if holds_resident_number(doc_no):
        raise BadReply("doc_no", MESSAGE)
    if refused := unprintable(doc_no):
        raise BadReply("doc_no", refused)
    return Reply(doc_no=doc_no, doc_on=_day(application, reply.doc_on), mail_no=_mail(reply))


def reply_line(reply: Reply, sender: Account) -> str:
    """`회신 공문 정보통신과-77 (2026. 11. 24.), 등기 12345-6789-0123, 발송 정보통신과 최민준`"""
    person = sender.person
    who = " ".join(part for part in (person.department_name, person.rank, person.name) if part)
    return f"{_document(reply)}, 등기 {reply.mail_no}, 발송 {who}"


def _document(reply: Reply) -> str:
    assert reply.doc_on is not None  # noqa: S101  (checked)
    return f"회신 공문 {reply.doc_no} ({korean_date(reply.doc_on)})"


def _day(application: Application, day: date | None) -> date:
    if day is None:
        raise BadReply("doc_on", "회신 공문의 시행일자를 적어 주십시오.")
    decided = application.decided_at
    if day > clock.today():
        raise BadReply("doc_on", "시행일자가 오늘보다 뒤입니다. 보낸 뒤에 기록해 주십시오.")
    if decided and day < clock.seoul(decided).date():
        raise BadReply("doc_on", "승인하기 전에는 회신할 수 없습니다. 시행일자를 확인해 주십시오.")
    return day


def _mail(reply: Reply) -> str:
    typed = line(reply.mail_no)
    if not _AS_PRINTED.fullmatch(typed) and holds_resident_number(typed):
        raise BadReply("mail_no", f"{MESSAGE} 등기번호이면 12345-6789-0123처럼 적어 주십시오.")
    digits = phones.digits(typed)
    if len(digits) != _MAIL_DIGITS:
        raise BadReply("mail_no", "등기번호 13자리를 적어 주십시오. 예: 12345-6789-0123")
    return f"{digits[:5]}-{digits[5:9]}-{digits[9:]}"


def _unsigned(application: Application, reply: Reply, by: Account) -> form2.HandoverReceipt:
    return unsigned_form(
        application, transferor=by, received_on=clock.today(), reply=reply_line(reply, by)
    )


def _print(application: Application, reply: Reply, png: bytes, by: Account) -> _Printed:
    """Render and store outside any transaction: rendering takes its time."""
    unsigned = _unsigned(application, reply, by)
    records = vault().records
    kept = records.put(blob := public_id(), form2.render(unsigned))
    records.put(signature := public_id(), png)
    prepared = issue.prepare()
    form = signed_form(
        unsigned,
        transferor_png=png,
        transferee_png=b"",
        unsigned_sha256=kept.sha256,
        verification_no=prepared.verification_no,
    )
    stored = issue.store(prepared, form2.render(form))
    return _Printed(unsigned, blob, kept.sha256, signature, stored)


def _enter(
    application: Application, reply: Reply, printed: _Printed, by: Account
) -> HandoverReceipt:
    move(application, Action.HAND_OVER, by=by, capacity="인계자", opinion=_document(reply))
    # A receipt that was prepared for somebody who then did not come is filled anew.
    receipt = receipt_of(application) or HandoverReceipt(application_id=application.id)
    form, now = printed.unsigned, clock.now()
    receipt.received_on = clock.today()
    receipt.transferor = by
    receipt.transferor_department = form.transferor_department
    receipt.transferor_rank = form.transferor_rank
    receipt.transferor_name = form.transferor_name
    receipt.transferee_name = application.recipient_name
    receipt.transferee_address = transferee_address(application)
    receipt.prepared_at = receipt.transferor_signed_at = receipt.handed_over_at = now
    receipt.unsigned_blob, receipt.unsigned_sha256 = printed.unsigned_blob, printed.unsigned_sha256
    receipt.transferor_signature = printed.signature
    receipt.transferee_signature = receipt.transferee_signed_at = None
    receipt.identity_document = ""
    receipt.reply_doc_no, receipt.reply_doc_on = reply.doc_no, reply.doc_on
    receipt.mail_no = reply.mail_no
    writing().add(receipt)
    writing().flush()
    receipt.issued_id = issue.issue(
        "form2", printed.stored, application=application, by=by, why="공문 회신"
    ).id
    remarks = [f"{_document(reply)}, 등기 {reply.mail_no}", remarks_of_dead(application)]
    row = write_row(
        application,
        basis=application.basis,
        transferor_name=receipt.transferor_name,
        transferee_name=receipt.transferee_name,
        affiliation=receipt.transferee_address,
        remarks="\n".join(filter(None, remarks)),
    )
    offer(application, by=by)
    await_destruction(application)  # 제10조제3호
    audit.record("handover.reply", by=by, on=receipt, ledger=row.public_id)
    return receipt
