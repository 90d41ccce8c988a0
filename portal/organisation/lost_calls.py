"""What a change of holdings would do to calls that are kept: none changes hands unseen.

Whoever stops being the party to a call may handle the application about it, and whoever becomes
the party may hear it (제7조①제2호). So a custodian alone changes neither for a day that is over,
nor for today: holdings count whole days, so a line that somebody has today goes to another from
tomorrow on, or this morning's calls would go with it. A move that was entered late comes in on the
command line of the machine (`by` is None there), from whoever runs it; the log then counts the
calls.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from portal import audit, clock, phones
from portal.accounts.models import Account, Extension
from portal.database import writing
from portal.organisation.csv_file import LineRefused
from portal.recordings.models import CallLeg, Recording
from portal.words import worded

#: A person's id, and from which day up to but not including which other they held the line.
Span = tuple[int, date, date | None]


def spans(extension: Extension) -> list[Span]:
    """Who holds it when, as it stands."""
    return [(h.person_id or h.person.id, h.from_on, h.until_on) for h in extension.holdings]


def guard_parties(extension: Extension, before: list[Span], *, by: Account | None) -> None:
    """Compare with what `spans` said before the change; inside its `write()`.

    Raises `LineRefused` where a kept call would lose a party, and where somebody would lose the
    line for today: calls of this morning may still arrive.
    """
    after = spans(extension)
    if all(_stays(span, after) for span in before):
        return
    writing().flush()
    after, today = spans(extension), clock.today()
    kept = (
        select(Recording.called_at)
        .join(CallLeg)
        .where(CallLeg.extension_id == extension.id, Recording.is_alive)
        .group_by(Recording.id, Recording.called_at)
    )
    days = [clock.seoul(called_at).date() for called_at in writing().scalars(kept)]
    lost = sum(bool(_held(before, day) - _held(after, day)) for day in days)
    if lost and by is not None:
        raise LineRefused(_refusal(extension, lost))
    if by is not None and _held(before, today) - _held(after, today):
        raise LineRefused(
            f"{phones.shown(extension.number)}: 오늘 쓰고 있는 사람이 있는 내선입니다. 사용 기간은 "
            "하루 단위이므로 오늘 이미 한 통화의 당사자까지 바뀝니다. 사용은 오늘까지로 끝내고, "
            "새 사용자는 내일부터로 적어 주십시오."
        )
    if lost:
        audit.record("extension.calls_changed_hands", by=by, on=extension, calls=lost)


def _refusal(extension: Extension, lost: int) -> str:
    return f"{phones.shown(extension.number)}: 보관 중인 통화 {lost}건의 " + worded(
        "당사자가 바뀝니다({articles.party}). 내일부터로 적어 주십시오. 늦게 알게 된 변경은 서버를 "
        "관리하는 사람이 명령줄(portal organisation import)로 반영할 수 있습니다."
    )


def _stays(span: Span, after: list[Span]) -> bool:
    """Whether the person holds the line on every day on which they did."""
    person, from_on, until_on = span
    return any(
        who == person
        and start <= from_on
        and (end is None or (until_on is not None and end >= until_on))
        for who, start, end in after
    )


def _held(holdings: list[Span], day: date) -> set[int]:
    return {who for who, start, end in holdings if start <= day and (end is None or day < end)}
