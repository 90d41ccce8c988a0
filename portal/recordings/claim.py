"""공용 전화: a call on a shared line is nobody's own until one holder claims it and another
person, who did not share the line, confirms (제2조제2호 당사자)."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal import audit, clock
from portal.accounts.models import Account, Extension, ExtensionHolding, Person, Posting
from portal.database import lock, writing
from portal.extensions import db
from portal.recordings.models import CallClaim, CallLeg, Recording
from portal.recordings.parties import held_on
from portal.roles import Role
from portal.words import worded

CONFIRMERS = frozenset({Role.CUSTODIAN, Role.TEAM_LEADER})


class ClaimRefused(Exception):
    """Nothing was claimed or answered; `str()` says why, in Korean."""


class NotYourLine(ClaimRefused):
    """The call is not there, or the person did not share its line: they learn nothing of it."""

    def __init__(self) -> None:
        super().__init__("공용 전화의 통화가 아니거나 보관기간이 끝났습니다.")


def claim(recording: Recording, *, by: Account) -> CallClaim:
    """Say that a call of a shared line was one's own, inside `write()`. Raises `ClaimRefused`."""
    lock(recording)
    lines = _shared_lines(recording, by.person)
    if not by.is_active or not recording.is_alive or not lines:
        raise NotYourLine
    taken = {c.extension_id for c in standing_claims([recording])}
    free = [line for line in lines if line.id not in taken]
    if not free:
        raise ClaimRefused(
            worded(
                "이미 확인을 기다리거나 다른 사람의 통화로 확인되었습니다. 사실과 다르면 "
                "{titles.custodian}에게 알려 주십시오."
            )
        )
    row = CallClaim(recording=recording, extension=free[0], person=by.person)
    writing().add(row)
    writing().flush()
    audit.record("claim.asked", by=by, on=row, recording=recording.public_id)
    return row


def answer(row: CallClaim, *, confirmed: bool, by: Account) -> None:
    """Confirm or decline a claim, inside `write()`. Raises `ClaimRefused`."""
    lock(row.recording)
    lock(row)
    if row.confirmed is not None:
        name = row.answered_by.name if row.answered_by else ""
        raise ClaimRefused(f"{name}님이 먼저 처리했습니다. 더 하실 일은 없습니다.")
    if not row.recording.is_alive:
        raise ClaimRefused("보관기간이 끝난 통화입니다. 더 하실 일은 없습니다.")
    if not may_answer(row, by):
        raise ClaimRefused(
            worded(
                "이 통화를 자신의 것이라고 한 사람과 그 공용 전화를 함께 쓴 사람은 "
                "확인할 수 없습니다. "
                "다른 {titles.team_leader:이나/나} {titles.custodian:이/가} 확인해야 합니다."
            )
        )
    row.confirmed = confirmed
    row.answered_at, row.answered_by_id = clock.now(), by.id
    action = "claim.confirmed" if confirmed else "claim.declined"
    audit.record(action, by=by, on=row, recording=row.recording.public_id)


def may_answer(row: CallClaim, account: Account) -> bool:
    """A custodian or team leader who neither claims the call nor shared its line that day."""
    return row.id in answerable([row], account)


def answerable(rows: Collection[CallClaim], account: Account) -> set[int]:
    """The ids of the claims that the account may answer; one query for all of them."""
    if account.roles.isdisjoint(CONFIRMERS):
        return set()
    own = select(ExtensionHolding).where(ExtensionHolding.person_id == account.person_id)
    holdings = list(db.session.scalars(own))

    def shared(row: CallClaim) -> bool:
        day = clock.seoul(row.recording.called_at).date()
        return any(
            h.extension_id == row.extension_id
            and h.from_on <= day
            and (h.until_on is None or day < h.until_on)
            for h in holdings
        )

    return {r.id for r in rows if r.person_id != account.person_id and not shared(r)}


def standing_claims(recordings: Collection[Recording]) -> list[CallClaim]:
    """The claims on these calls that wait or were confirmed."""
    return list(
        db.session.scalars(
            select(CallClaim).where(
                CallClaim.recording_id.in_({recording.id for recording in recordings}),
                or_(CallClaim.confirmed.is_(None), CallClaim.confirmed.is_(True)),
            )
        )
    )


def waiting_claims() -> Select[CallClaim]:
    """What waits to be confirmed, of calls that are still there, oldest first."""
    office = selectinload(Person.postings).joinedload(Posting.department)
    return (
        select(CallClaim)
        .join(CallClaim.recording)
        .where(CallClaim.confirmed.is_(None), Recording.is_alive)
        .order_by(CallClaim.id)
        .options(
            joinedload(CallClaim.recording),
            joinedload(CallClaim.extension),
            joinedload(CallClaim.person).options(office),
        )
    )


def _shared_lines(recording: Recording, person: Person) -> list[Extension]:
    """The shared extensions of the call that the person held on its day."""
    day = clock.seoul(recording.called_at).date()
    statement = (
        select(Extension)
        .join(CallLeg, CallLeg.extension_id == Extension.id)
        .join(ExtensionHolding, ExtensionHolding.extension_id == Extension.id)
        .where(
            CallLeg.recording_id == recording.id,
            Extension.shared.is_(True),
            ExtensionHolding.person_id == person.id,
            held_on(day),
        )
        .order_by(Extension.id)
        .distinct()
    )
    return list(db.session.scalars(statement))
