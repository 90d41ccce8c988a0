"""결정: the head approves or refuses a draft, and lifts what is in force (제9조)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from portal import audit, clock
from portal.accounts.models import Account
from portal.applications.wording import paragraphs
from portal.database import lock, writing
from portal.documents import issue, restriction_notice
from portal.documents.addresses import verification_url
from portal.documents.restriction_notice import RestrictionNotice
from portal.documents.wording import Wording
from portal.restrictions.authority import capacity_of_decider
from portal.restrictions.grounds import scope_words
from portal.restrictions.models import UseRestriction
from portal.restrictions.refusals import Changed
from portal.restrictions.typed import checked_text, required_text
from portal.runtime import settings

KIND = "restriction_notice"
_LONGEST = 1_000


@dataclass(frozen=True)
class StoredNotice:
    """A rendered notice, durable already, and the facts it was made from."""

    facts: RestrictionNotice
    stored: issue.Stored


def make_notice(restriction: UseRestriction, by: Account) -> StoredNotice:
    """Render and store the notice, outside any transaction: rendering takes its time.

    Raises `RestrictionRefused`, and `DocumentError` where it cannot be printed.
    """
    facts = _facts(restriction, by)
    prepared = issue.prepare()
    number = prepared.verification_no
    printed = replace(facts, verification_no=number, verification_url=verification_url(number))
    pdf = restriction_notice.render(printed)
    return StoredNotice(facts, issue.store(prepared, pdf))


def approve(
    restriction: UseRestriction, notice: StoredNotice, *, by: Account, opinion: str = ""
) -> None:
    """Decide that it is to be; the notice is issued and waits for its service."""
    lock(restriction)
    if _facts(restriction, by) != notice.facts:
        raise Changed("그 사이 내용이 바뀌었습니다. 화면을 새로 고쳐 다시 결정해 주십시오.")
    restriction.state = "approved"
    restriction.opinion = checked_text("opinion", paragraphs(opinion), _LONGEST) or None
    _sign(restriction, by)
    restriction.notice_id = issue.issue(
        KIND, notice.stored, application=None, by=by, why="사용 제한 통지"
    ).id
    writing().flush()
    audit.record("restriction.approve", by=by, on=restriction)


def refuse(restriction: UseRestriction, *, by: Account, opinion: str) -> None:
    """Decide that it is not to be; says why."""
    lock(restriction)
    _require_open(restriction)
    capacity_of_decider(restriction, by)
    restriction.opinion = required_text(
        "opinion", paragraphs(opinion), _LONGEST, "받아들이지 않는 이유를 적어 주십시오."
    )
    restriction.state = "refused"
    _sign(restriction, by)
    audit.record("restriction.refuse", by=by, on=restriction)


def lift(restriction: UseRestriction, *, by: Account, reason: str) -> None:
    """End it before its time, at once; also what was not served yet."""
    lock(restriction)
    capacity_of_decider(restriction, by)
    if not can_be_lifted(restriction):
        raise Changed("이미 끝났거나 아직 결정되지 않은 사용 제한입니다. 상태를 확인해 주십시오.")
    restriction.lift_reason = required_text(
        "lift_reason", paragraphs(reason), _LONGEST, "해제하는 이유를 적어 주십시오."
    )
    restriction.lifted_at, restriction.lifted_by_id = clock.now(), by.id
    audit.record("restriction.lift", by=by, on=restriction)


def can_be_lifted(restriction: UseRestriction) -> bool:
    """Approved, and not over by its date or lifted already."""
    over = restriction.ends_at is not None and restriction.ends_at <= clock.now()
    return restriction.state == "approved" and not over


def _sign(restriction: UseRestriction, by: Account) -> None:
    restriction.decided_by_id, restriction.decided_at = by.id, clock.now()
    restriction.capacity = capacity_of_decider(restriction, by)


def _require_open(restriction: UseRestriction) -> None:
    if restriction.state != "drafted":
        raise Changed("이미 결정되었거나 회수된 기안입니다. 지금 상태를 확인해 주십시오.")


def _facts(restriction: UseRestriction, by: Account) -> RestrictionNotice:
    """The notice as it would read now. Raises `RestrictionRefused` where it must not be made."""
    _require_open(restriction)
    title = capacity_of_decider(restriction, by)
    if restriction.last_on is not None and restriction.last_on < clock.today():
        raise Changed("제한 기간이 이미 지났습니다. 거절하고 새로 기안하게 해 주십시오.")
    rules, person = settings(), restriction.person
    return RestrictionNotice(
        wording=Wording.of(rules),
        sender=rules.restriction.sender,
        number=restriction.number,
        department=person.department_name,
        rank=person.rank,
        name=person.name,
        ground_article=rules.articles.restriction_ground(restriction.ground),
        ground_text=rules.restriction_grounds.text(restriction.ground),
        reason=restriction.facts,
        scope=tuple(
            scope_words(
                portal_use=restriction.portal_use, phone_recording=restriction.phone_recording
            )
        ),
        from_on=restriction.from_on,
        last_on=restriction.last_on,
        counter_title=rules.titles.counter,
        drafter_title=rules.titles.custodian,
        drafter_name=restriction.drafted_by.name,
        decider_title=title,
        decider_name=by.name,
        decided_on=clock.today(),
    )
