"""Who had which role when (권한 부여 이력, three years by law), and who logged in when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.accounts.models import (
    Account,
    AccountChange,
    ActingAssignment,
    LoginSession,
    RoleGrant,
)
from portal.documents.text import korean_datetime
from portal.extensions import db

RECENT = 20


@dataclass(frozen=True)
class Held:
    """A role held, or acted for; `since` and `until` as shown, `until` empty while it lasts."""

    role: str
    since: str
    until: str
    given_by: str
    confirmed_by: str
    begins_at: datetime
    acting: bool = False


def history_of(account: Account) -> list[Held]:
    """Every role the account has or had, and each confirmed 직무대리; the newest first."""
    grants = db.session.scalars(
        select(RoleGrant)
        .where(RoleGrant.account_id == account.id)
        .options(joinedload(RoleGrant.granted_by), joinedload(RoleGrant.confirmed_by))
    )
    named = joinedload(ActingAssignment.change)
    assignments = db.session.scalars(
        select(ActingAssignment)
        .where(
            ActingAssignment.account_id == account.id, ActingAssignment.confirmed_at.is_not(None)
        )
        .options(
            named.joinedload(AccountChange.asked_by), named.joinedload(AccountChange.answered_by)
        )
    )
    found = [*map(_granted, grants), *map(_acted, assignments)]
    return sorted(found, key=lambda held: held.begins_at, reverse=True)


def recent_logins(account: Account) -> Sequence[LoginSession]:
    """The newest login sessions."""
    own = select(LoginSession).where(LoginSession.account_id == account.id)
    return db.session.scalars(own.order_by(LoginSession.id.desc()).limit(RECENT)).all()


def _granted(grant: RoleGrant) -> Held:
    return Held(
        role=grant.role,
        since=korean_datetime(grant.granted_at),
        until=korean_datetime(grant.revoked_at) if grant.revoked_at else "",
        given_by=grant.granted_by.name if grant.granted_by else "",
        confirmed_by=grant.confirmed_by.name if grant.confirmed_by else "",
        begins_at=grant.granted_at,
    )


def _acted(row: ActingAssignment) -> Held:
    asked, answered = row.change.asked_by, row.change.answered_by
    ends_at = clock.midnight(row.until_on)
    begins_at = max(clock.midnight(row.from_on), row.confirmed_at or row.change.asked_at)
    return Held(
        role=row.role,
        since=korean_datetime(begins_at),
        until=korean_datetime(min(ends_at, row.ended_at) if row.ended_at else ends_at),
        given_by=asked.name if asked else "",
        confirmed_by=answered.name if answered else "",
        begins_at=begins_at,
        acting=True,
    )
