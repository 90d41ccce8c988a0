"""The end of a package: its row says why, its file goes at once."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from portal import audit, clock
from portal.accounts.models import Account
from portal.applications.models import Application
from portal.applications.states import State
from portal.database import lock, write
from portal.extensions import db
from portal.packages.gate import current_package
from portal.packages.models import Package
from portal.runtime import settings, vault


def end_package(package: Package, reason: str, *, by: Account | None) -> bool:
    """Void it inside the open `write()`, or mark it used; False where it was over already.

    `remove_files` follows after the commit. `by` None: the portal itself.
    """
    lock(package)
    if package.ended_at is not None:
        return False
    package.state = "used" if reason == "used" else "void"
    package.ended_at = clock.now()
    package.end_reason = reason
    audit.record(f"package.{package.state}", by=by, on=package, why=reason)
    return True


def end_current(application: Application, reason: str, *, by: Account | None) -> Package | None:
    """End what an application still has to hand out, inside the open `write()`."""
    package = current_package(application)
    return package if package and end_package(package, reason, by=by) else None


def remove_files(package: Package) -> int:
    """Remove the file and the sealed password of a package that is over; returns how many went."""
    if package.delete_on is None:
        return 0
    kept = (package.blob, package.envelope)
    return sum(vault().recordings.remove(package.delete_on, one) for one in kept if one)


def end_day(day: date) -> int:
    """제8조①: the packages of a deletion day, whose key is gone. Opens its own `write()`."""
    with write() as session:
        of_day = select(Package).where(Package.delete_on == day, Package.ended_at.is_(None))
        return sum(
            end_package(package, "deleted", by=None) for package in session.scalars(of_day).all()
        )


def tidy() -> int:
    """For the worker: end what time or another slice has ended, and remove files left by a crash.

    Returns how many packages it ended.
    """
    due = [package_id for package_id in _alive() if _end_if_due(package_id)]
    db.session.rollback()
    left = select(Package).where(Package.ended_at.is_not(None), Package.delete_on > clock.today())
    for package in db.session.scalars(left).all():
        remove_files(package)
    db.session.rollback()
    return len(due)


def _alive() -> list[int]:
    return list(db.session.scalars(select(Package.id).where(Package.ended_at.is_(None))))


def _end_if_due(package_id: int) -> bool:
    package = db.session.get(Package, package_id)
    if package is None or _due_reason(package) is None:
        return False
    with write():
        lock(package.application)
        lock(package)
        reason = _due_reason(package)
        return reason is not None and end_package(package, reason, by=None)


def _due_reason(package: Package) -> str | None:
    """Why a package that nobody ended is over all the same."""
    if package.ended_at is not None:
        return None
    if package.application.state != State.HANDED_OVER:
        return "closed"
    if not any(match.recording.is_alive for match in package.application.matches):
        return "deleted"
    if package.delete_on is not None and package.delete_on <= clock.today():
        return "deleted"
    until = package.resumable_until(settings().provision.resume_minutes)
    return "interrupted" if until is not None and clock.now() >= until else None
