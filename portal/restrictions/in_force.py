"""What a restriction stops while it is in force (제9조). Asked anew each time; no job decides.

Own filing, playback and downloads ask here. The right as a party (제7조①2) stays: the restricted
person has an officer file for them (`applications/file_for.py`) and hears under 입회.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, select

from portal.accounts.models import Account
from portal.documents.text import korean_date
from portal.extensions import db
from portal.restrictions.models import UseRestriction
from portal.runtime import settings


class Restricted(Exception):
    """The person's use of the portal is restricted now; `str()` is for them."""

    def __init__(self, restriction: UseRestriction) -> None:
        self.restriction = restriction
        end = f"{korean_date(restriction.last_on)}까지" if restriction.last_on else "해제될 때까지"
        super().__init__(
            f"시스템 사용이 제한되어 {end} 할 수 없습니다. '내 계정'의 사용 제한 통지서를 확인해 "
            "주십시오. 당사자로서의 신청은 "
            f"{settings().titles.custodian:이나/나} {settings().titles.counter}에게 하실 수 "
            "있습니다."
        )


def refuse_restricted(account: Account) -> None:
    """Raises `Restricted` where the account's person may not use the portal now."""
    if found := restriction_of(account):
        raise Restricted(found)


def restriction_of(account: Account) -> UseRestriction | None:
    """The restriction of the portal's use that is in force now, the longest one; or None."""
    found = db.session.scalars(in_force_for(account)).all()
    return max(found, key=lambda one: one.last_on or date.max, default=None)


def in_force_for(account: Account) -> Select[UseRestriction]:
    """The restrictions of the portal's use that are in force now for this account's person."""
    of_it = of_person(account.person_id)
    return of_it.where(UseRestriction.portal_use, UseRestriction.is_in_force)


def served_on(account: Account) -> list[UseRestriction]:
    """Every restriction whose notice was served on this person, newest first."""
    statement = of_person(account.person_id).where(UseRestriction.served_at.is_not(None))
    return list(db.session.scalars(statement.order_by(UseRestriction.id.desc())))


def of_person(person_id: int) -> Select[UseRestriction]:
    """The approved restrictions of a person, served or not."""
    return select(UseRestriction).where(
        UseRestriction.person_id == person_id, UseRestriction.state == "approved"
    )
