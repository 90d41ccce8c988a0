"""Opening a download: one fresh code and a reason; a medium for people without an account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update

from portal import audit, clock
from portal.accounts.models import Account, LoginSession
from portal.applications.resident_number import holds_resident_number
from portal.applications.wording import line
from portal.database import lock, write, writing
from portal.extensions import db
from portal.otp.codes import consume_code
from portal.packages import gate
from portal.packages.models import Package, PackageDownload
from portal.packages.refusal import PackageRefused
from portal.runtime import settings

#: What a recipient brings along; the number is the device's own.
MEDIA = ("USB 메모리", "외장 디스크", "CD·DVD", "메모리 카드", "그 밖의 저장매체")


@dataclass(frozen=True)
class Handling:
    """What was said about the download: why, and for outsiders onto which medium."""

    reason: str
    medium: str = ""
    medium_serial: str = ""
    no_copy_stays: bool = False


def needs_medium(package: Package) -> bool:
    """Whether the recipient has no account, so that an officer carries it onto their medium."""
    return package.application.applicant_id is None


def open_download(
    package: Package, by: Account, login: LoginSession, code: str, handling: Handling
) -> PackageDownload:
    """Open it for some minutes; an earlier opening ends. Called outside of `write()`: the used code
    stays used whatever comes after it. Raises `PackageRefused`, and `CodeRefused` for the code.
    """
    gate.check_ready(package, by, clock.now())
    handling = _checked(package, handling)
    consume_code(by, code)
    with write():
        lock(package.application)
        lock(package)
        now = clock.now()
        gate.check_ready(package, by, now)
        _end_earlier(package)
        return _begin(package, by, login, handling)


def open_download_of(package: Package, by: Account, login: LoginSession) -> PackageDownload | None:
    """The opening of this person in this login that may still be used."""
    mine = select(PackageDownload).where(
        PackageDownload.package_id == package.id,
        PackageDownload.account_id == by.id,
        PackageDownload.login_session_id == login.id,
        PackageDownload.expires_at > clock.now(),
        PackageDownload.completed_at.is_(None),
    )
    return db.session.scalar(mine.order_by(PackageDownload.id.desc()).limit(1))


def _checked(package: Package, handling: Handling) -> Handling:
    clean = Handling(
        line(handling.reason),
        handling.medium,
        line(handling.medium_serial),
        handling.no_copy_stays,
    )
    if not clean.reason:
        raise PackageRefused("no_reason")
    if holds_resident_number(clean.reason) or holds_resident_number(clean.medium_serial):
        raise PackageRefused("resident_number")
    if not needs_medium(package):
        return Handling(clean.reason)
    if clean.medium not in MEDIA or not clean.medium_serial:
        raise PackageRefused("no_medium")
    if not clean.no_copy_stays:
        raise PackageRefused("copy_stays")
    return clean


def _end_earlier(package: Package) -> None:
    now = clock.now()
    earlier = update(PackageDownload).where(
        PackageDownload.package_id == package.id, PackageDownload.expires_at > now
    )
    writing().execute(earlier.values(expires_at=now).execution_options(synchronize_session="fetch"))


def _begin(
    package: Package, by: Account, login: LoginSession, handling: Handling
) -> PackageDownload:
    now, minutes = clock.now(), settings().provision.resume_minutes
    ends = [now + timedelta(minutes=minutes)]
    if package.delete_on is not None:
        ends.append(clock.midnight(package.delete_on))
    if (until := package.resumable_until(minutes)) is not None:
        ends.append(until)
    download = PackageDownload(
        package=package,
        account=by,
        login_session_id=login.id,
        reason=handling.reason,
        medium=handling.medium,
        medium_serial=handling.medium_serial,
        no_copy_stays=handling.no_copy_stays,
        origin=audit.origin.get(),
        opened_at=now,
        expires_at=min(ends),
    )
    writing().add(download)
    writing().flush()
    audit.record(
        "package.open",
        by=by,
        on=package,
        reason=handling.reason,
        download=download.public_id,
        medium=MEDIA.index(handling.medium) if handling.medium else None,
        resumed=package.first_byte_at is not None,
    )
    return download
