"""The one rule by which a package is asked for, opened and sent (제7조③, 제8조④).

Asked before each step and again for each mebibyte that leaves. The clock decides about deletion,
not the cleaner (제8조①); no role opens anything by itself.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from portal import clock
from portal.accounts import sessions
from portal.accounts.models import Account, LoginSession
from portal.applications.custody import handles
from portal.applications.models import Application
from portal.applications.states import State
from portal.extensions import db
from portal.handover.transferor import is_transferor
from portal.packages.models import Package, PackageDownload
from portal.packages.refusal import PackageRefused, refusal_of_end
from portal.restrictions.in_force import restriction_of
from portal.runtime import settings


def current_package(application: Application) -> Package | None:
    """The latest package of an application, over or not."""
    latest = select(Package).where(Package.application_id == application.id)
    return db.session.scalar(latest.order_by(Package.number.desc()).limit(1))


def carries(package: Package, account: Account) -> bool:
    """Who sees the password's screen and downloads: the employee who applied; for somebody without
    an account the officer who hands over, the screen turned and onto the recipient's medium.
    """
    applicant_id = package.application.applicant_id
    if applicant_id is not None:
        return applicant_id == account.person_id
    # 제8조③: who offered it and is no 인계자 any more carries nothing.
    return package.offered_by_id == account.id and hands_out(package.application, account)


def hands_out(application: Application, account: Account) -> bool:
    """Who may hand out again: the 인계자, or a custodian in their place."""
    return is_transferor(application, account) or handles(application, account)


def check_person(package: Package, account: Account) -> None:
    """Raises `PackageRefused` unless this person carries the package and may do so at all."""
    if not carries(package, account):
        raise PackageRefused("stranger")
    if not account.is_active:
        raise PackageRefused("account_closed")
    if restriction_of(account):  # 제9조
        raise PackageRefused("restricted")


def check_open(application: Application) -> None:
    """Raises `PackageRefused` unless it is a 제공 that was handed over and is not over."""
    if application.disclosure_type != "provision":
        raise PackageRefused("stranger")
    if application.state == State.HANDED_OVER:
        return
    handed = application.state in (State.CLOSED, State.WITHDRAWN)
    raise PackageRefused("application_closed" if handed else "not_handed_over")


def check_ready(package: Package, account: Account, now: datetime) -> None:
    """Raises `PackageRefused` unless this person may download the package now."""
    check_person(package, account)
    if package.ended_at is not None:
        raise refusal_of_end(package.end_reason)
    check_open(package.application)
    if package.state == "offered":
        raise PackageRefused("not_asked")
    if package.delete_on is None or now >= clock.midnight(package.delete_on):
        raise PackageRefused("deleted")
    if package.state != "ready":
        raise PackageRefused("not_ready")
    until = package.resumable_until(settings().provision.resume_minutes)
    if until is not None and now >= until:
        raise PackageRefused("interrupted")


def check_download(
    download: PackageDownload, account: Account, login: LoginSession, now: datetime
) -> None:
    """Raises `PackageRefused` unless this opened download may go on, in this very login."""
    check_ready(download.package, account, now)
    if download.account_id != account.id:
        raise PackageRefused("stranger")
    if not sessions.is_alive(login, now) or login.account_id != account.id:
        raise PackageRefused("login_ended")
    if download.login_session_id != login.id:
        raise PackageRefused("other_login")
    if now >= download.expires_at:
        raise PackageRefused("expired")
