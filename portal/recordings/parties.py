"""Who took part in a call on the institution's side: the holders of its extensions at that time.

제2조제2호 당사자. Holdings are counted by the day of the call in Seoul. Of a shared extension
(공용) every holder counts, until a claim of one of them is confirmed: then that one alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Select,
    Subquery,
    and_,
    bindparam,
    exists,
    false,
    null,
    or_,
    select,
    union_all,
)

from portal import clock
from portal.accounts.models import Extension, ExtensionHolding, Person
from portal.extensions import db
from portal.recordings.models import CallClaim, CallLeg, Recording


def held_on(day: date) -> ColumnElement[bool]:
    """The condition that an ExtensionHolding is in force on a day."""
    started = ExtensionHolding.from_on <= day
    return and_(started, or_(ExtensionHolding.until_on.is_(None), ExtensionHolding.until_on > day))


def _is_held_on(from_on: date, until_on: date | None, day: date) -> bool:
    """The same of one that is at hand."""
    return from_on <= day and (until_on is None or day < until_on)


def party_ids(recordings: Collection[Recording]) -> set[int]:
    """The ids of the persons who were a party to at least one of the calls."""
    ids = [recording.id for recording in recordings]
    return {person for _call, person in parties_of(_themselves, ids)} if ids else set()


#: Rows of (id, recording_id): about which calls something is, by the ids bound as "ids".
Calls = Callable[[], Subquery]


def parties_of(calls: Calls, ids: Collection[int]) -> set[tuple[int, int]]:
    """The rule for any number of things that are about calls, in one query: pairs of the thing's
    id and of a person who was a party to one of its calls."""
    rows: Iterable[Any] = db.session.execute(_took_part(calls), {"ids": list(ids)})
    return {
        (one, person_id)
        for one, called_at, person_id, from_on, until_on in rows
        if from_on is None or _is_held_on(from_on, until_on, clock.seoul(called_at).date())
    }


@cache
def _took_part(calls: Calls) -> CompoundSelect[Any]:
    """Made once: asking it takes less time than making it."""
    held, call = ExtensionHolding, calls().c
    holders = (
        select(call.id, Recording.called_at, held.person_id, held.from_on, held.until_on)
        .join(Recording, Recording.id == call.recording_id)
        .join(CallLeg, CallLeg.recording_id == call.recording_id)
        .join(held, held.extension_id == CallLeg.extension_id)
        .where(~_leg_is_claimed())
    )
    nothing = null().cast(Date)
    claimants = (
        select(call.id, Recording.called_at, CallClaim.person_id, nothing, nothing)
        .join(Recording, Recording.id == call.recording_id)
        .join(CallClaim, CallClaim.recording_id == call.recording_id)
        .where(CallClaim.confirmed.is_(True))
    )
    return union_all(holders, claimants)


def _themselves() -> Subquery:
    chosen = select(Recording.id, Recording.id.label("recording_id"))
    return chosen.where(Recording.id.in_(bindparam("ids", expanding=True))).subquery()


def is_own_call(recording: Recording, person: Person) -> bool:
    """Whether the call was on an extension that was this person's alone (전용) on that day, or on
    a shared one and theirs by a confirmed claim."""
    day = clock.seoul(recording.called_at).date()
    alone = (
        select(CallLeg.id)
        .join(Extension, Extension.id == CallLeg.extension_id)
        .join(ExtensionHolding, ExtensionHolding.extension_id == Extension.id)
        .where(
            CallLeg.recording_id == recording.id,
            Extension.shared.is_(False),
            ExtensionHolding.person_id == person.id,
            held_on(day),
        )
    )
    claimed = _claimed_by(person).where(CallClaim.recording_id == recording.id)
    return bool(db.session.scalar(select(or_(exists(alone), exists(claimed)))))


def own_calls(person: Person) -> Select[Recording]:
    """The living calls that were this person's own, newest first."""
    mine = _calls_on(_holdings(person, shared=False))
    return (
        select(Recording)
        .where(_one_of(mine, _claimed_by(person)), Recording.is_alive)
        .order_by(Recording.called_at.desc(), Recording.id.desc())
    )


def shared_calls(person: Person) -> Select[Recording]:
    """The living calls of the extensions that the person shared (공용) with others, newest first,
    whoever claimed them."""
    shared = _calls_on(_holdings(person, shared=True))
    return (
        select(Recording)
        .where(Recording.id.in_(shared), Recording.is_alive)
        .order_by(Recording.called_at.desc(), Recording.id.desc())
    )


def calls_as_party(person: Person) -> ColumnElement[bool]:
    """The condition that a Recording is a call to which the person was a party; as `party_ids`."""
    held = _calls_on(_holdings(person)).where(~_leg_is_claimed())
    return _one_of(held, _claimed_by(person))


def _one_of(*ids: Select[int]) -> ColumnElement[bool]:
    """Not `or`: for that PostgreSQL reads the whole table."""
    return Recording.id.in_(union_all(*ids))


def _holdings(person: Person, *, shared: bool | None = None) -> list[ExtensionHolding]:
    statement = select(ExtensionHolding).where(ExtensionHolding.person_id == person.id)
    if shared is not None:
        statement = statement.join(Extension).where(Extension.shared.is_(shared))
    return list(db.session.scalars(statement))


def _calls_on(holdings: Collection[ExtensionHolding]) -> Select[int]:
    """The ids of the recordings with a leg on one of the extensions while it was held."""
    conditions = []
    for holding in holdings:
        bounds = [CallLeg.extension_id == holding.extension_id]
        bounds.append(Recording.called_at >= clock.midnight(holding.from_on))
        if holding.until_on:
            bounds.append(Recording.called_at < clock.midnight(holding.until_on))
        conditions.append(and_(*bounds))
    return select(CallLeg.recording_id).join(Recording).where(or_(false(), *conditions))


def _claimed_by(person: Person) -> Select[int]:
    return select(CallClaim.recording_id).where(
        CallClaim.person_id == person.id, CallClaim.confirmed.is_(True)
    )


def _leg_is_claimed() -> ColumnElement[bool]:
    """The condition that a CallLeg of a shared extension is somebody's by a confirmed claim."""
    return (
        exists()
        .where(
            CallClaim.recording_id == CallLeg.recording_id,
            CallClaim.extension_id == CallLeg.extension_id,
            CallClaim.confirmed.is_(True),
        )
        .correlate(CallLeg)
    )
