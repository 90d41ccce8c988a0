"""The packages behind an address, and those a person has to do with."""

from __future__ import annotations

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Account
from portal.applications.custody import handled_by
from portal.applications.models import Application
from portal.applications.states import State
from portal.extensions import db
from portal.packages.gate import carries, current_package
from portal.packages.models import Package
from portal.packages.offer import hands_out
from portal.packages.refusal import PackageRefused
from portal.roles import Role


def concerned(public_id: str, account: Account) -> Package:
    """The latest package of an application that this person carries or hands out.

    Raises `PackageRefused("stranger")` for everybody and everything else.
    """
    application = db.session.scalar(select(Application).where(Application.public_id == public_id))
    package = current_package(application) if application else None
    if application is None or package is None:
        raise PackageRefused("stranger")
    if not (carries(package, account) or hands_out(application, account)):
        raise PackageRefused("stranger")
    return package


def open_provisions(account: Account) -> Select[Package]:
    """Packages not yet used up that this person hands out or receives, the newest first."""
    later = select(Package.id).where(Package.application_id == Application.id)
    newest = later.order_by(Package.number.desc()).limit(1).correlate(Application).scalar_subquery()
    mine = [
        Application.applicant_id == account.person_id,
        Application.transferor_id == account.id,
        Package.offered_by_id == account.id,
    ]
    if Role.CUSTODIAN in account.roles | account.acting_roles:
        mine.append(and_(Application.transferor_id.is_(None), handled_by(account)))
    return (
        select(Package)
        .join(Package.application)
        .options(joinedload(Package.application))
        .where(
            Package.id == newest,
            Package.state != "used",
            Application.state == State.HANDED_OVER,
            or_(*mine),
        )
        .order_by(Package.id.desc())
    )
