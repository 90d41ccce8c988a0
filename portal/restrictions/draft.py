"""기안: the custodian proposes a restriction; until it is decided it can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal import audit, clock
from portal.accounts.models import Account, Person
from portal.applications.wording import line, paragraphs
from portal.database import lock, writing
from portal.documents.restriction_notice import LONGEST_FACTS
from portal.numbers import next_serial
from portal.recordings.models import Recording
from portal.restrictions.authority import require_custodian
from portal.restrictions.models import UseRestriction
from portal.restrictions.refusals import BadEntry, Changed, MayNot
from portal.restrictions.typed import required_text
from portal.runtime import settings

SERIES = "restriction"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a custodian proposes; `last_on` is the last day, itself included, or None for open."""

    ground: int
    facts: str
    portal_use: bool
    phone_recording: bool
    from_on: date
    last_on: date | None = None


def draft(
    person: Person, entry: Entry, *, by: Account, call: Recording | None = None
) -> UseRestriction:
    """Propose a restriction of `person` inside `write()`. Raises `RestrictionRefused`."""
    require_custodian(by, person.id)
    facts = _checked(entry)
    year = clock.today().year
    serial = next_serial(SERIES, year)
    row = UseRestriction(
        number=settings().restriction.notice_no.format(year=year, serial=serial),
        person=person,
        ground=entry.ground,
        facts=facts,
        call_id=call.public_id if call else None,
        portal_use=entry.portal_use,
        phone_recording=entry.phone_recording,
        from_on=entry.from_on,
        last_on=entry.last_on,
        drafted_by_id=by.id,
        drafted_at=clock.now(),
    )
    writing().add(row)
    writing().flush()
    audit.record(
        "restriction.draft",
        by=by,
        on=row,
        person=person.public_id,
        ground=entry.ground,
        call=row.call_id,
    )
    return row


def withdraw(restriction: UseRestriction, *, by: Account) -> None:
    """회수: the drafter takes back what nobody has decided yet."""
    lock(restriction)
    if restriction.drafted_by_id != by.id:
        raise MayNot("기안한 사람만 회수할 수 있습니다.")
    if restriction.state != "drafted":
        raise Changed("이미 결정되었거나 회수된 기안입니다. 지금 상태를 확인해 주십시오.")
    restriction.state = "withdrawn"
    audit.record("restriction.withdraw", by=by, on=restriction)


def _checked(entry: Entry) -> str:
    """The facts as they are stored. Raises `BadEntry` for the first thing that does not fit."""
    if entry.ground not in (1, 2, 3, 4):
        raise BadEntry("ground", "제한 사유를 골라 주십시오.")
    facts = required_text(
        "facts", paragraphs(entry.facts), LONGEST_FACTS, "무엇을 언제 하였는지 적어 주십시오."
    )
    if len(facts.splitlines()) > 15:
        facts = line(facts)
    if not (entry.portal_use or entry.phone_recording):
        raise BadEntry("scope", "제한할 범위를 하나 이상 골라 주십시오.")
    if entry.from_on < clock.today():
        raise BadEntry("from_on", "시작일은 오늘이나 그 뒤의 날로 정해 주십시오.")
    if entry.last_on is not None and entry.last_on < entry.from_on:
        raise BadEntry("last_on", "종료일은 시작일과 같거나 그 뒤의 날로 정해 주십시오.")
    return facts
