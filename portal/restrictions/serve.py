"""서면 통지: the notice reaches the person, with a receipt; from then on it is in force (제9조)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from portal import audit, clock
from portal.accounts.models import Account
from portal.applications.wording import line
from portal.database import lock, write, writing
from portal.extensions import db
from portal.ids import public_id
from portal.playback.models import ListeningSession
from portal.playback.open_session import end_session
from portal.restrictions.authority import require_custodian
from portal.restrictions.grounds import IN_PERSON, WAYS
from portal.restrictions.models import UseRestriction
from portal.restrictions.refusals import BadEntry, Changed
from portal.restrictions.typed import checked_text
from portal.runtime import vault

#: Why a listening session ended; a key of the refusals of playback.
END_REASON = "restricted"


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """How the notice was served. In person: signed (a stored blob) or refused, with how in `note`;
    by letter: its number in `note`."""

    how: str
    served_at: datetime
    note: str = ""
    signature: str | None = None
    refused_to_sign: bool = False


def store_signature(png: bytes) -> str:
    """Keep a clean signature before the change that names it; the blob's id."""
    vault().records.put(blob := public_id(), png)
    return blob


def serve(restriction: UseRestriction, receipt: Receipt, *, by: Account) -> None:
    """Record the service inside `write()`, and end what is open where it is in force at once.

    Raises `RestrictionRefused`.
    """
    lock(restriction)
    require_servable(restriction, by=by)
    note = _checked(restriction, receipt)
    restriction.served_at, restriction.served_by_id = receipt.served_at, by.id
    restriction.served_how, restriction.served_note = receipt.how, note or None
    restriction.signature = receipt.signature
    restriction.refused_to_sign = receipt.refused_to_sign
    audit.record(
        "restriction.serve",
        by=by,
        on=restriction,
        how=receipt.how,
        refused_to_sign=receipt.refused_to_sign,
    )
    writing().flush()
    for listening in writing().scalars(_stopped(restriction.person_id)):
        end_session(listening, None, END_REASON)


def require_servable(restriction: UseRestriction, *, by: Account) -> None:
    """Raises `RestrictionRefused` unless it is decided, not served yet, and theirs to serve."""
    require_custodian(by, restriction.person_id)
    if restriction.state != "approved" or restriction.served_at or restriction.lifted_at:
        raise Changed("통지할 수 없는 상태입니다. 이미 통지했는지 확인해 주십시오.")


def end_stopped_sessions() -> int:
    """End the sessions of those whose restriction began by its date; how many. For the worker.

    Nothing depends on it: the gate refuses every range anyway.
    """
    ended = 0
    for listening_id in list(db.session.scalars(_stopped().with_only_columns(ListeningSession.id))):
        with write() as session:
            listening = session.get_one(ListeningSession, listening_id)
            ended += end_session(listening, None, END_REASON)
    return ended


def _stopped(person_id: int | None = None) -> Select[ListeningSession]:
    """Open listening sessions of persons whose use of the portal is restricted now."""
    statement = (
        select(ListeningSession)
        .join(Account, Account.id == ListeningSession.account_id)
        .join(UseRestriction, UseRestriction.person_id == Account.person_id)
        .where(
            ListeningSession.ended_at.is_(None),
            UseRestriction.portal_use,
            UseRestriction.is_in_force,
        )
        .distinct()
    )
    return statement if person_id is None else statement.where(Account.person_id == person_id)


def _checked(restriction: UseRestriction, receipt: Receipt) -> str:
    """The note as it is stored. Raises `BadEntry`."""
    if receipt.how not in WAYS:
        raise BadEntry("how", "전달 방법을 골라 주십시오.")
    if receipt.served_at > clock.now():
        raise BadEntry("served_at", "받은 일시는 지금보다 뒤일 수 없습니다.")
    decided = restriction.decided_at
    if decided is None or receipt.served_at < decided.replace(second=0, microsecond=0):
        raise BadEntry("served_at", "받은 일시는 결정한 때보다 앞설 수 없습니다.")
    note = checked_text("note", line(receipt.note), 200)
    if receipt.how != IN_PERSON:
        if receipt.signature or receipt.refused_to_sign:
            raise BadEntry("how", "서명과 서명 거부는 직접 교부한 때에만 기록합니다.")
        if not note:
            raise BadEntry("note", "등기번호나 전자문서 번호를 적어 주십시오.")
    elif receipt.refused_to_sign:
        if receipt.signature:
            raise BadEntry("refused_to_sign", "서명과 서명 거부 가운데 하나만 기록해 주십시오.")
        if not note:
            raise BadEntry("note", "서명을 거부한 경위를 적어 주십시오.")
    elif not receipt.signature:
        raise BadEntry(
            "signature_scan",
            "받은 사람에게 화면을 돌려 서명을 받거나, 서명한 수령증의 스캔 파일을 올리거나, 서명 "
            "거부를 기록해 주십시오.",
        )
    return note
