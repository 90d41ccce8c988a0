"""The paper that follows a lifting: 사용 제한 해제 통지서, issued once (제9조)."""

from __future__ import annotations

from portal import clock
from portal.accounts.models import Account
from portal.database import lock, write
from portal.documents import issue, lift_notice
from portal.documents.addresses import verification_url
from portal.documents.models import IssuedDocument
from portal.documents.restriction_notice import period
from portal.documents.wording import Wording
from portal.restrictions.authority import may_see
from portal.restrictions.grounds import scope_words
from portal.restrictions.models import UseRestriction
from portal.restrictions.refusals import Changed, MayNot
from portal.runtime import settings

KIND = "lift_notice"


def issue_lift_notice(restriction: UseRestriction, *, by: Account) -> IssuedDocument:
    """Print and issue the notice of a lifting. Opens its own `write()`.

    Raises `RestrictionRefused` where nothing was lifted or it was issued before, `DocumentError`.
    """
    if not may_see(restriction, by):
        raise MayNot("이 사용 제한의 문서를 발급할 수 있는 사람이 아닙니다.")
    _require_missing(restriction)
    prepared = issue.prepare()
    stored = issue.store(prepared, lift_notice.render(_facts(restriction, prepared)))
    with write() as session:
        lock(restriction)
        _require_missing(restriction)
        paper = issue.issue(
            KIND, stored, application=None, by=by, why="사용 제한 해제", about=restriction.public_id
        )
        restriction.lift_notice_id = paper.id
        session.flush()
    return paper


def _require_missing(restriction: UseRestriction) -> None:
    if restriction.lifted_at is None or restriction.notice_id is None:
        raise Changed("해제한 사용 제한이 아니어서 해제 통지서를 발급할 수 없습니다.")
    if restriction.lift_notice_id is not None:
        raise Changed("해제 통지서를 이미 발급했습니다. 발급한 통지서를 열어 주십시오.")


def _facts(restriction: UseRestriction, prepared: issue.Prepared) -> lift_notice.LiftNotice:
    rules, person = settings(), restriction.person
    ground = rules.articles.restriction_ground(restriction.ground)
    lifted_by, decided_at = restriction.lifted_by, restriction.decided_at
    title = rules.titles.division_head
    return lift_notice.LiftNotice(
        wording=Wording.of(rules),
        sender=rules.restriction.sender,
        number=restriction.number,
        decided_on=clock.seoul(decided_at).date() if decided_at else clock.today(),
        recipient=" ".join(p for p in (person.department_name, person.rank, person.name) if p),
        ground=f"{ground} ({rules.restriction_grounds.text(restriction.ground)})",
        period=period(restriction.from_on, restriction.last_on),
        scope=", ".join(
            scope_words(
                portal_use=restriction.portal_use, phone_recording=restriction.phone_recording
            )
        ),
        lifted_at=restriction.lifted_at or clock.now(),
        lifted_by=f"{title} {lifted_by.name}" if lifted_by else title,
        reason=restriction.lift_reason or "",
        dated=clock.today(),
        verification_no=prepared.verification_no,
        verification_url=verification_url(prepared.verification_no),
    )
