"""The list of restrictions: where each stands now, and what a filter asks for."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal import clock
from portal.accounts.models import Account, Person, Posting
from portal.extensions import db
from portal.restrictions.models import UseRestriction

#: Where a restriction stands → word and tone of its badge.
STANDINGS = {
    "drafted": ("결재 대기", "warning"),
    "refused": ("거절", "gray"),
    "withdrawn": ("회수", "gray"),
    "unserved": ("통지 대기", "warning"),
    "ahead": ("시작 전", "info"),
    "in_force": ("제한 중", "danger"),
    "lifted": ("해제", "success"),
    "over": ("기간 끝남", "gray"),
}
FILTERS = [
    ("", "전체"),
    ("drafted", "결재 대기"),
    ("unserved", "통지 대기"),
    ("in_force", "제한 중"),
    ("done", "끝남"),
]


def standing_of(restriction: UseRestriction) -> str:
    """A key of `STANDINGS`; the clock decides."""
    if restriction.state != "approved":
        return restriction.state
    if restriction.lifted_at:
        return "lifted"
    if restriction.ends_at and restriction.ends_at <= clock.now():
        return "over"
    if restriction.served_at is None:
        return "unserved"
    return "in_force" if restriction.is_in_force else "ahead"


def listed(wanted: str, account: Account) -> Select[UseRestriction]:
    """Newest first, without those that concern the account's own person."""
    postings = selectinload(Person.postings).joinedload(Posting.department)
    statement = (
        select(UseRestriction)
        .where(UseRestriction.person_id != account.person_id)
        .options(joinedload(UseRestriction.person).options(postings))
        .order_by(UseRestriction.id.desc())
    )
    conditions = {
        "drafted": UseRestriction.state == "drafted",
        "unserved": and_(
            UseRestriction.state == "approved", UseRestriction.served_at.is_(None), ~_is_over()
        ),
        "in_force": UseRestriction.is_in_force,
        "done": or_(UseRestriction.state.in_(("refused", "withdrawn")), _is_over()),
    }
    return statement.where(conditions[wanted]) if wanted in conditions else statement


def person_named(typed: str) -> Person | None:
    """The person with this 사번 or login; nothing else finds anybody."""
    by_login = select(Account.person_id).where(Account.login == typed.lower())
    found = db.session.scalars(
        select(Person).where(or_(Person.employee_no == typed, Person.id.in_(by_login)))
    ).all()
    return found[0] if typed and len(found) == 1 else None


def _is_over() -> ColumnElement[bool]:
    ended = UseRestriction.last_on < clock.today()
    over = or_(
        UseRestriction.lifted_at.is_not(None), and_(UseRestriction.last_on.is_not(None), ended)
    )
    return and_(UseRestriction.state == "approved", over)
