"""The handover itself: receipt, ledger row, and what it opens, in one transaction (제7조③④)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from portal import audit, clock
from portal.accounts.models import Account
from portal.applications.models import Application
from portal.applications.move import move
from portal.applications.states import Action
from portal.database import lock, write
from portal.destruction.confirm import await_destruction
from portal.documents import form2, issue
from portal.handover.dead import remarks_of_dead
from portal.handover.form2_data import living_recordings, signed_form, unsigned_form
from portal.handover.models import HandoverReceipt
from portal.handover.prepare import CannotHandOver
from portal.handover.sign import is_signed, require_today
from portal.handover.transferor import require_transferor
from portal.ledger.write_row import write_row
from portal.packages.offer import offer
from portal.runtime import settings, vault
from portal.words import worded


@dataclass(frozen=True)
class SignedDocument:
    """The signed Form 2, stored, with what it was made from."""

    stored: issue.Stored
    unsigned: form2.HandoverReceipt
    unsigned_sha256: str
    signatures: tuple[str | None, str | None]


def hand_over(receipt: HandoverReceipt, by: Account) -> None:
    """Complete a receipt that both sides have signed. Opens its own `write()`.

    Raises `CannotHandOver` or `WrongState`; safe to repeat after a crash anywhere, since only the
    last commit makes it so, and of two at once one finds the state changed.
    """
    document = make_signed(receipt)
    with write():
        complete(receipt, document, by=by)


def make_signed(receipt: HandoverReceipt) -> SignedDocument:
    """Render and store the signed Form 2 with its verification number, outside a transaction."""
    if not (receipt.transferor_signature and receipt.transferee_signature):
        raise CannotHandOver("인계자와 인수자의 서명이 모두 있어야 합니다.")
    unsigned = _unsigned_now(receipt)
    # What was signed is what is issued: the same facts still make the same bytes.
    if sha256(form2.render(unsigned)).hexdigest() != receipt.unsigned_sha256:
        raise _changed()
    records, prepared = vault().records, issue.prepare()
    form = signed_form(
        unsigned,
        transferor_png=records.get(receipt.transferor_signature),
        transferee_png=records.get(receipt.transferee_signature),
        unsigned_sha256=receipt.unsigned_sha256,
        verification_no=prepared.verification_no,
    )
    stored = issue.store(prepared, form2.render(form))
    signatures = (receipt.transferor_signature, receipt.transferee_signature)
    return SignedDocument(stored, unsigned, receipt.unsigned_sha256, signatures)


def complete(receipt: HandoverReceipt, document: SignedDocument, *, by: Account) -> None:
    """State, receipt, issued paper and ledger row together, or none of them."""
    application = receipt.application
    lock(application)
    lock(receipt)
    if not (by.is_active and by.person_id == application.applicant_id):
        require_transferor(application, by)
    signatures = (receipt.transferor_signature, receipt.transferee_signature)
    require_today(receipt)
    if not is_signed(receipt) or document.signatures != signatures:
        raise _changed()
    same = document.unsigned_sha256 == receipt.unsigned_sha256
    if not same or document.unsigned != _unsigned_now(receipt):
        raise _changed()
    if not living_recordings(application):
        raise CannotHandOver(worded("대상 {information:이/가} 보관기간이 지나 삭제되었습니다."))
    move(
        application, Action.HAND_OVER, by=by, capacity="인계자" if _hands(receipt, by) else "인수자"
    )
    now = clock.now()
    receipt.handed_over_at = now
    receipt.issued_id = issue.issue(
        "form2", document.stored, application=application, by=by, why="인계·인수"
    ).id
    row = write_row(
        application,
        basis=application.basis,
        transferor_name=receipt.transferor_name,
        transferee_name=receipt.transferee_name,
        affiliation=receipt.transferee_address,
        remarks=remarks_of_dead(application),
    )
    if application.disclosure_type == "provision":
        offer(application, by=receipt.transferor)
        await_destruction(application)  # 제10조제3호
    else:
        receipt.window_until = window_until(application, now)
    audit.record("handover.complete", by=by, on=receipt, ledger=row.public_id)


def window_until(application: Application, now: datetime) -> datetime:
    """When hearing ends: days after the receipt, never past the last deletion (domain: 열람)."""
    days = settings().inspection.window_days
    last_deletion = max(
        recording.deleted_at for _position, recording in living_recordings(application)
    )
    return min(now + timedelta(days=days), last_deletion)


def _unsigned_now(receipt: HandoverReceipt) -> form2.HandoverReceipt:
    return unsigned_form(
        receipt.application, transferor=receipt.transferor, received_on=receipt.received_on
    )


def _changed() -> CannotHandOver:
    return CannotHandOver(
        "서명한 뒤 내용이 바뀌었습니다. 인계·인수증을 다시 만들고 다시 서명해 주십시오."
    )


def _hands(receipt: HandoverReceipt, by: Account) -> bool:
    return receipt.transferor_id == by.id
