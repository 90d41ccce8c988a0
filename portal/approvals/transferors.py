"""인계자: the counter officer whom the approval may name in place of the custodian."""

from __future__ import annotations

from sqlalchemy import or_, select

from portal import clock
from portal.accounts.models import Account, Posting, RoleGrant
from portal.applications.conflict import conflict_of, parties_to
from portal.applications.models import Application
from portal.approvals.refusals import NoSuchTransferor
from portal.extensions import db
from portal.roles import Role


def candidates(application: Application) -> list[Account]:
    """The officers of the counter where it was entered who have no conflict; by name."""
    if application.office_id is None:
        return []
    today = clock.today()
    at_the_office = (
        select(Account)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .join(Posting, Posting.person_id == Account.person_id)
        .where(
            Account.are_open(),
            RoleGrant.role == Role.COUNTER,
            RoleGrant.revoked_at.is_(None),
            Posting.department_id == application.office_id,
            Posting.from_on <= today,
            or_(Posting.until_on.is_(None), Posting.until_on > today),
        )
        .distinct()
    )
    found = db.session.scalars(at_the_office).unique().all()
    parties = parties_to(application) if found else ()
    free = [account for account in found if conflict_of(application, account, parties) is None]
    return sorted(free, key=lambda account: (account.name, account.id))


def guard_transferor(application: Application, transferor: Account | None) -> None:
    """Raises `NoSuchTransferor` unless the person is a candidate; None names the custodian."""
    if transferor is not None and transferor.id not in {c.id for c in candidates(application)}:
        raise NoSuchTransferor
