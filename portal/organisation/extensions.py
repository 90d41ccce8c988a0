"""Extensions and who holds them from when to when; a holding is ended, never deleted.

Holdings decide whose call a call was (제2조제2호), so nobody gives one to themselves, and of past
days nobody takes a call that is still kept from one person alone.
"""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import audit, clock, phones
from portal.accounts.authority import require_custodian
from portal.accounts.models import Account, Extension, ExtensionHolding, Person
from portal.database import lock, writing
from portal.organisation.csv_file import LineRefused, TakenMeanwhile
from portal.organisation.lost_calls import guard_parties, spans
from portal.organisation.report import Effect
from portal.recordings.models import CallLeg, Recording
from portal.recordings.unknown import adopt_legs
from portal.words import worded

SHARED_WORDS = {"전용": False, "공용": True}


def put_holding(
    number: str,
    kind: str,
    person: Person,
    from_on: date,
    last_on: date | None,
    *,
    by: Account | None,
) -> tuple[Effect, str]:
    """Let a person hold an extension, which is added where it is new; or change the known holding
    of that person and first day. A former holder's holding of a 전용 line ends the day before.

    Inside the open `write()`; waiting calls of the number become known. Raises `LineRefused`, also
    where calls of past days would lose a party (`lost_calls.py`).
    """
    require_custodian(by)
    if last_on and last_on < from_on:
        raise LineRefused("종료일이 시작일보다 이릅니다.")
    extension, is_new = _extension(number, kind, person, from_on, by)
    until_on = last_on and last_on + timedelta(days=1)
    found = next(
        (h for h in extension.holdings if (h.person_id, h.from_on) == (person.id, from_on)), None
    )
    before = spans(extension)
    effect, text = _hold(extension, person, from_on, until_on, found)
    guard_parties(extension, before, by=by)
    if effect is not Effect.SAME or is_new:
        if by is not None and by.person_id == person.id:
            raise LineRefused(
                worded(
                    "자신의 내선은 스스로 정할 수 없습니다. 다른 {titles.custodian}에게 "
                    "요청해 주십시오."
                )
            )
        writing().flush()
        audit.record("extension.holding_set", by=by, on=extension, effect=str(effect))
    adopt_legs(extension, by=by)
    return effect, text


def end_holding(holding: ExtensionHolding, last_on: date, *, by: Account | None) -> None:
    """End a holding after a day. Raises `LineRefused`, as `put_holding` does."""
    require_custodian(by)
    lock(holding)
    if holding.until_on and holding.until_on <= clock.today():
        raise LineRefused("이미 끝난 사용입니다. 화면을 새로 고쳐 확인해 주십시오.")
    if last_on < holding.from_on:
        raise LineRefused("종료일이 시작일보다 이릅니다.")
    before = spans(holding.extension)
    holding.until_on = last_on + timedelta(days=1)
    guard_parties(holding.extension, before, by=by)
    audit.record("extension.holding_ended", by=by, on=holding.extension)


def number_of(typed: str) -> str:
    """The digits of a typed extension. Raises `LineRefused`."""
    found = phones.digits(typed)
    if not 2 <= len(found) <= 15:
        raise LineRefused("내선번호를 숫자로 적어 주십시오. 예: 0316442101, 2101")
    return found


def _extension(
    number: str, kind: str, person: Person, from_on: date, by: Account | None
) -> tuple[Extension, bool]:
    if kind not in SHARED_WORDS:
        raise LineRefused("구분은 전용이나 공용으로 적어 주십시오.")
    shared = SHARED_WORDS[kind]
    known = writing().scalar(select(Extension).where(Extension.number == number))
    if known is None:
        posting = person.posting_on(from_on)
        added = Extension(
            number=number, shared=shared, department=posting.department if posting else None
        )
        _add(added)
        audit.record("extension.added", by=by, on=added, shared=shared)
        return added, True
    lock(known)  # its holdings are read after this, so that two at once do not overlap
    if known.shared != shared:
        _share(known, shared, by)
    return known, False


def _add(extension: Extension) -> None:
    """Of two who add a number at once on PostgreSQL, the second waits here and is refused."""
    writing().add(extension)
    try:
        writing().flush()
    except IntegrityError as error:
        raise TakenMeanwhile(
            "다른 사람이 방금 같은 내선을 등록했습니다. 등록된 내용을 확인하고, 그래도 필요하면 "
            "다시 저장해 주십시오."
        ) from error


def _share(extension: Extension, shared: bool, by: Account | None) -> None:
    """전용 may become 공용 at once; the other way only when no call on it is left, since those
    calls would become somebody's own without anybody's confirmation."""
    calls = select(CallLeg.id).join(CallLeg.recording)
    living = calls.where(CallLeg.extension_id == extension.id, Recording.is_alive)
    if not shared and writing().scalar(living.limit(1)) is not None:
        raise LineRefused(
            "공용 내선을 전용으로 바꾸려면 보관 중인 통화가 모두 삭제된 뒤여야 합니다. "
            "그때까지 공용으로 적어 주십시오."
        )
    extension.shared = shared
    audit.record("extension.sharing_changed", by=by, on=extension, shared=shared)


def _hold(
    extension: Extension,
    person: Person,
    from_on: date,
    until_on: date | None,
    found: ExtensionHolding | None,
) -> tuple[Effect, str]:
    others = [h for h in extension.holdings if h is not found and _rivals(extension, h, person)]
    later = [h for h in others if h.from_on >= from_on]
    label = f"{phones.shown(extension.number)} {person.name}"
    if found and until_on is None and later and found.until_on:
        return Effect.SAME, label  # it ended when the next one began
    if any(until_on is None or h.from_on < until_on for h in later):
        raise LineRefused("뒤에 시작하는 다른 사용 기간과 겹칩니다. 종료일을 적어 주십시오.")
    for former in others:
        if former.from_on < from_on and (former.until_on is None or former.until_on > from_on):
            if former.person_id == person.id:
                raise LineRefused("같은 사람의 사용 기간이 겹칩니다. 앞의 것을 먼저 끝내 주십시오.")
            former.until_on = from_on
    if found is None:
        extension.holdings.append(
            ExtensionHolding(person=person, from_on=from_on, until_on=until_on)
        )
        return Effect.ADDED, f"{label}: {'공용' if extension.shared else '전용'} 사용 시작"
    if found.until_on == until_on:
        return Effect.SAME, label
    found.until_on = until_on
    return (Effect.ENDED, f"{label}: 사용 종료") if until_on else (Effect.CHANGED, label)


def _rivals(extension: Extension, holding: ExtensionHolding, person: Person) -> bool:
    """Of a shared line only one's own other holdings can collide; of a 전용 line all."""
    return not extension.shared or holding.person_id == person.id
