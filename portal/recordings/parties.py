"""Who took part in a call on the institution's side: the holders of its extensions at that time.

제2조제2호 당사자. Holdings are counted by the day of the call in Seoul. Of a shared extension
(공용) every holder counts, until one of them has claimed the call.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from portal import clock
from portal.accounts.models import Extension, ExtensionHolding, Person
from portal.extensions import db
from portal.recordings.models import CallLeg, Recording


def held_on(day: date) -> ColumnElement[bool]:
    """The condition that an ExtensionHolding is in force on a day."""
    started = ExtensionHolding.from_on <= day
    return and_(started, or_(ExtensionHolding.until_on.is_(None), ExtensionHolding.until_on > day))


def party_ids(recordings: Collection[Recording]) -> set[int]:
    """The ids of the persons who were a party to at least one of the calls."""
    found: set[int] = set()
    for recording in recordings:
        day = clock.seoul(recording.called_at).date()
        statement = (
            select(ExtensionHolding.person_id)
            .join(CallLeg, CallLeg.extension_id == ExtensionHolding.extension_id)
            .where(CallLeg.recording_id == recording.id, held_on(day))
        )
        found.update(db.session.scalars(statement))
    return found


def is_own_call(recording: Recording, person: Person) -> bool:
    """Whether the call was on an extension that was this person's alone (전용) on that day."""
    day = clock.seoul(recording.called_at).date()
    statement = (
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
    return db.session.scalar(statement.limit(1)) is not None


def own_calls(person: Person) -> Select[Recording]:
    """The living calls of the extensions that were this person's (전용), newest first."""
    conditions = []
    holdings = db.session.scalars(
        select(ExtensionHolding)
        .join(Extension)
        .where(ExtensionHolding.person_id == person.id, Extension.shared.is_(False))
    )
    for holding in holdings:
        bounds = [CallLeg.extension_id == holding.extension_id]
        bounds.append(Recording.called_at >= clock.midnight(holding.from_on))
        if holding.until_on:
            bounds.append(Recording.called_at < clock.midnight(holding.until_on))
        conditions.append(and_(*bounds))
    mine = select(CallLeg.recording_id).join(Recording).where(or_(false(), *conditions))
    return (
        select(Recording)
        .where(Recording.id.in_(mine), Recording.is_alive)
        .order_by(Recording.called_at.desc(), Recording.id.desc())
    )
