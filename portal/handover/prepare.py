"""Preparing the receipt: the unsigned Form 2 is made and stored; both sides sign exactly it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal import audit, clock
from portal.accounts.models import Account
from portal.applications.models import Application
from portal.applications.states import Action, State, WrongState
from portal.database import lock, writing
from portal.documents import form2
from portal.extensions import db
from portal.handover.form2_data import living_recordings, transferee_address, unsigned_form
from portal.handover.models import HandoverReceipt
from portal.handover.transferor import require_transferor
from portal.ids import public_id
from portal.runtime import vault
from portal.words import worded


@dataclass
class CannotHandOver(Exception):
    """What is missing, in Korean."""

    why: str

    def __str__(self) -> str:
        return self.why


@dataclass(frozen=True)
class UnsignedDocument:
    """A stored unsigned Form 2 and the facts it was made from."""

    form: form2.HandoverReceipt
    blob: str
    sha256: str


def receipt_of(application: Application) -> HandoverReceipt | None:
    """The application's receipt, signed or not."""
    return db.session.scalar(
        select(HandoverReceipt).where(HandoverReceipt.application_id == application.id)
    )


def make_unsigned(application: Application, by: Account) -> UnsignedDocument:
    """Render and store the unsigned Form 2, outside any transaction: rendering takes its time."""
    require_ready(application, by)
    form = unsigned_form(application, transferor=by, received_on=clock.today())
    stored = vault().records.put(blob := public_id(), form2.render(form))
    return UnsignedDocument(form, blob, stored.sha256)


def require_ready(application: Application, by: Account) -> None:
    """Raises `WrongState`, `NotTransferor`, `Conflict` or `CannotHandOver`."""
    if application.state != State.APPROVED:
        raise WrongState(State(application.state), Action.HAND_OVER)
    require_transferor(application, by)
    if not living_recordings(application):
        raise CannotHandOver(
            worded(
                "대상 {information:이/가} 모두 보관기간이 지나 삭제되었습니다. 인계할 수 없습니다."
            )
        )


def prepare(
    application: Application, document: UnsignedDocument, *, by: Account, identity_document: str
) -> HandoverReceipt:
    """Enter a stored unsigned document as the one to sign. An earlier one, and any signature given
    for it, is void: a change after signing needs a new signature.
    """
    lock(application)
    require_ready(application, by)
    if not identity_document.strip():
        raise CannotHandOver("인수자의 신분을 무엇으로 확인했는지 적어 주십시오.")
    if unsigned_form(application, transferor=by, received_on=clock.today()) != document.form:
        raise CannotHandOver("그 사이 내용이 바뀌었습니다. 인계·인수증을 다시 만들어 주십시오.")
    receipt = receipt_of(application) or HandoverReceipt(application_id=application.id)
    _fill(receipt, application, document, by)
    receipt.identity_document = identity_document.strip()
    writing().add(receipt)
    writing().flush()
    audit.record("handover.prepare", by=by, on=receipt, document=document.sha256)
    return receipt


def _fill(
    receipt: HandoverReceipt, application: Application, document: UnsignedDocument, by: Account
) -> None:
    receipt.received_on = _day(document.form)
    receipt.transferor_id = by.id
    receipt.transferor_department = document.form.transferor_department
    receipt.transferor_rank = document.form.transferor_rank
    receipt.transferor_name = document.form.transferor_name
    receipt.transferee_name = application.recipient_name
    receipt.transferee_address = transferee_address(application)
    receipt.prepared_at = clock.now()
    receipt.unsigned_blob = document.blob
    receipt.unsigned_sha256 = document.sha256
    receipt.transferor_signature = receipt.transferee_signature = None
    receipt.transferor_signed_at = receipt.transferee_signed_at = None


def _day(form: form2.HandoverReceipt) -> date:
    assert form.received_on is not None  # noqa: S101  (unsigned_form always sets it)
    return form.received_on
