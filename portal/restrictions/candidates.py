"""사전고지 없음 통화: calls that may be a case of 제9조제2호. `unknown` is only counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, literal, select, text
from sqlalchemy.orm import joinedload

from portal import clock
from portal.accounts.models import Account, ExtensionHolding, Person, Posting
from portal.documents.text import korean_datetime
from portal.extensions import db
from portal.recordings.models import NOTICE_UNKNOWN, WITHOUT_NOTICE, CallLeg, Recording
from portal.restrictions.models import UseRestriction
from portal.runtime import settings

#: Calls of which nothing is known are counted this far.
CAP = 10_000


@dataclass(frozen=True)
class Holder:
    """A person who held the extension of a call on its day, and what was drafted of it."""

    person: Person
    extension: str
    restriction: UseRestriction | None


def without_notice() -> Select[Recording]:
    """Living calls whose other party was not told, newest first (제6조)."""
    return (
        select(Recording)
        .where(text(WITHOUT_NOTICE), Recording.is_alive)
        .order_by(Recording.called_at.desc(), Recording.id.desc())
    )


def count_unknown() -> int:
    """How many living calls nobody has said anything about; `CAP` + 1 where there are more."""
    unknown = select(literal(1)).select_from(Recording)
    unknown = unknown.where(text(NOTICE_UNKNOWN), Recording.is_alive).limit(CAP + 1)
    return db.session.scalar(select(func.count()).select_from(unknown.subquery())) or 0


def holders_of(calls: Sequence[Recording]) -> dict[int, list[Holder]]:
    """For each call's id who held its extensions on its day; a fixed number of queries."""
    days = {call.id: clock.seoul(call.called_at).date() for call in calls}
    postings = joinedload(Person.postings).joinedload(Posting.department)
    rows = db.session.execute(
        select(CallLeg, ExtensionHolding)
        .join(ExtensionHolding, ExtensionHolding.extension_id == CallLeg.extension_id)
        .where(CallLeg.recording_id.in_(list(days)))
        .options(joinedload(ExtensionHolding.person).options(postings))
        .order_by(CallLeg.from_at, ExtensionHolding.id)
    ).unique()
    drafted = _drafted(calls)
    ids = {call.id: call.public_id for call in calls}
    found: dict[int, list[Holder]] = {call.id: [] for call in calls}
    for leg, holding in rows:
        day, seen = days[leg.recording_id], found[leg.recording_id]
        ended = holding.until_on is not None and holding.until_on <= day
        if holding.from_on > day or ended or holding.person in [h.person for h in seen]:
            continue
        restriction = drafted.get((ids[leg.recording_id], holding.person_id))
        seen.append(Holder(holding.person, leg.number, restriction))
    return found


def suggested_facts(call: Recording) -> str:
    """What a draft from this call begins with; no number of the other party."""
    lines = ", ".join(dict.fromkeys(leg.number for leg in call.legs)) or "미확인"
    return (
        f"{korean_datetime(call.called_at)} 내선 {lines}의 통화에서 상대방에게 "
        f"{settings().institution.recording_word} 사실을 고지하지 않음."
    )


def name_for_draft(person: Person) -> str:
    """The 사번 or login by which `person_named` finds the person again; empty where neither is."""
    login = select(Account.login).where(Account.person_id == person.id)
    return person.employee_no or db.session.scalar(login) or ""


def _drafted(calls: Sequence[Recording]) -> dict[tuple[str | None, int], UseRestriction]:
    """What stands of earlier drafts, by call and person."""
    rows = db.session.scalars(
        select(UseRestriction)
        .where(
            UseRestriction.call_id.in_([call.public_id for call in calls]),
            UseRestriction.state.in_(("drafted", "approved")),
        )
        .order_by(UseRestriction.id)
    )
    return {(row.call_id, row.person_id): row for row in rows}
