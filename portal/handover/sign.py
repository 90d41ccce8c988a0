"""Signing: each side signs the stored unsigned document, named by its hash (제7조③)."""

from __future__ import annotations

from typing import Literal

from portal import audit, clock
from portal.accounts.models import Account
from portal.applications.states import Action, State, WrongState
from portal.database import lock
from portal.handover.form2_data import living_recordings
from portal.handover.models import HandoverReceipt
from portal.handover.prepare import CannotHandOver
from portal.handover.transferor import require_transferor
from portal.ids import public_id
from portal.runtime import vault
from portal.words import worded

Side = Literal["transferor", "transferee"]


def store_signature(png: bytes) -> str:
    """Keep a clean signature (`applications.signature`); the blob's id."""
    vault().records.put(blob := public_id(), png)
    return blob


def sign(receipt: HandoverReceipt, side: Side, blob: str, *, sha256: str, by: Account) -> None:
    """Enter a stored signature of one side, given for the document with this hash.

    The 인수자 signs on the 인계자's screen, or, being an employee, on their own.
    """
    application = receipt.application
    lock(application)
    lock(receipt)
    if application.state != State.APPROVED:
        raise WrongState(State(application.state), Action.HAND_OVER)
    if sha256 != receipt.unsigned_sha256:
        raise CannotHandOver(
            "인계·인수증이 다시 만들어졌습니다. 바뀐 내용을 확인하고 다시 서명해 주십시오."
        )
    require_today(receipt)
    if _signature(receipt, side) is not None:
        raise CannotHandOver("이미 서명한 문서입니다. 바꾸려면 인계·인수증을 다시 만드십시오.")
    own_hand = side == "transferee" and application.applicant_id == by.person_id and by.is_active
    if not own_hand:
        require_transferor(application, by)
        if receipt.transferor_id != by.id:
            raise CannotHandOver("인계·인수증을 만든 인계자가 서명해야 합니다.")
    if not living_recordings(application):
        raise CannotHandOver(worded("대상 {information:이/가} 보관기간이 지나 삭제되었습니다."))
    if side == "transferor":
        receipt.transferor_signature, receipt.transferor_signed_at = blob, clock.now()
    else:
        receipt.transferee_signature, receipt.transferee_signed_at = blob, clock.now()
    audit.record("handover.sign", by=by, on=receipt, side=side, document=sha256)


def require_today(receipt: HandoverReceipt) -> None:
    """수령일자 is the day of the handover; raises `CannotHandOver` where it was made before."""
    if receipt.received_on != clock.today():
        raise CannotHandOver(
            "수령일자가 오늘이 아닙니다. 인계·인수증을 오늘 날짜로 다시 만들어 서명해 주십시오."
        )


def _signature(receipt: HandoverReceipt, side: Side) -> str | None:
    transferor = side == "transferor"
    return receipt.transferor_signature if transferor else receipt.transferee_signature


def is_signed(receipt: HandoverReceipt) -> bool:
    """Whether both signatures are there."""
    return bool(receipt.transferor_signature and receipt.transferee_signature)
