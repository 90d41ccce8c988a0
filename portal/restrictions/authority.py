"""Who drafts, serves and decides (제9조: 운영부서의 장), and who must keep their hands off.

Nobody decides about themselves or on a case they drafted. Where every holder is barred or away,
the acting person (대결) decides.
"""

from __future__ import annotations

from portal.accounts.models import Account
from portal.approvals.standing import ACTING, away_today, holders_of
from portal.restrictions.models import UseRestriction
from portal.restrictions.refusals import MayNot
from portal.roles import Role
from portal.runtime import settings


def require_custodian(by: Account, person_id: int) -> None:
    """Raises `MayNot` unless the account is a custodian and somebody else is concerned."""
    if Role.CUSTODIAN not in by.roles:
        raise MayNot(f"{settings().titles.custodian}만 할 수 있습니다.")
    if by.person_id == person_id:
        raise MayNot(
            f"본인에 대한 사용 제한은 처리할 수 없습니다. 다른 {settings().titles.custodian}에게 "
            "요청해 주십시오."
        )


def capacity_of_decider(restriction: UseRestriction, by: Account) -> str:
    """The title under which the account decides. Raises `MayNot` with who can instead."""
    title = settings().titles.division_head
    if by.person_id == restriction.person_id:
        raise MayNot(
            "본인에 대한 사용 제한은 결정할 수 없습니다. 직무를 대리하는 사람이 결정해야 합니다."
        )
    if by.id == restriction.drafted_by_id:
        raise MayNot("기안한 사람은 결정할 수 없습니다. 다른 결재자가 결정해야 합니다.")
    if Role.DIVISION_HEAD in by.roles:
        return title
    if Role.DIVISION_HEAD not in by.acting_roles:
        raise MayNot(f"사용 제한은 {title}만 결정할 수 있습니다.")
    if free_heads(restriction):
        raise MayNot(f"{title} 본인이 결정할 수 있는 동안에는 대결할 수 없습니다.")
    return f"{title} {ACTING}"


def may_decide(restriction: UseRestriction, account: Account) -> bool:
    try:
        capacity_of_decider(restriction, account)
    except MayNot:
        return False
    return True


def may_see(restriction: UseRestriction, account: Account) -> bool:
    """Custodians and who decides; never the person concerned: they see their notice instead."""
    if not account.is_active or account.person_id == restriction.person_id:
        return False
    return bool(account.roles & {Role.CUSTODIAN, Role.DIVISION_HEAD}) or (
        Role.DIVISION_HEAD in account.acting_roles
    )


def may_read_notice(restriction: UseRestriction, account: Account) -> bool:
    """Who sees the case, and the person concerned once the notice was served."""
    if restriction.notice_id is None:
        return False
    if account.person_id == restriction.person_id:
        return restriction.served_at is not None
    return may_see(restriction, account)


def free_heads(restriction: UseRestriction) -> list[Account]:
    """The heads who are there today and barred by nothing."""
    away = away_today(Role.DIVISION_HEAD)
    return [
        head
        for head in holders_of(Role.DIVISION_HEAD)
        if head.id not in away
        and head.id != restriction.drafted_by_id
        and head.person_id != restriction.person_id
    ]
