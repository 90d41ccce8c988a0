"""A package is offered at the handover, and again where somebody gives a reason."""

from __future__ import annotations

from portal import audit, clock
from portal.accounts.models import Account
from portal.applications.conflict import conflict_of
from portal.applications.models import Application
from portal.applications.resident_number import holds_resident_number
from portal.applications.wording import line
from portal.database import lock, write, writing
from portal.packages.end import end_package, remove_files
from portal.packages.gate import check_open, check_person, current_package
from portal.packages.gate import hands_out as hands_out
from portal.packages.models import Package
from portal.packages.refusal import PackageRefused


def offer(application: Application, *, by: Account) -> Package:
    """The first package, inside the handover's own `write()`. It is built when the recipient asks.

    `by` is the 인계자, also where the recipient's signature was the one that completed it.
    """
    return _new(application, 1, by, "")


def offer_again(application: Application, *, by: Account, reason: str) -> Package:
    """Hand out again: the package so far is void, its file goes, a new password will open the next.

    Opens its own `write()`. Raises `PackageRefused`.
    """
    reason = line(reason)
    if not hands_out(application, by) or not by.is_active:
        raise PackageRefused("stranger")
    if conflict_of(application, by):
        raise PackageRefused("conflict")
    if not reason:
        raise PackageRefused("no_reason")
    if holds_resident_number(reason):
        raise PackageRefused("resident_number")
    with write():
        lock(application)
        check_open(application)
        if not any(match.recording.is_alive for match in application.matches):
            raise PackageRefused("deleted")
        before = current_package(application)
        if before is not None and before.state == "offered" and _waits_for_somebody(before):
            raise PackageRefused("not_needed")
        if before is not None:
            end_package(before, "replaced", by=by)
        package = _new(application, before.number + 1 if before else 1, by, reason)
    if before is not None:
        remove_files(before)
    return package


def _waits_for_somebody(package: Package) -> bool:
    """Whether who should see its password still may: an officer may have left meanwhile."""
    if package.application.applicant_id is not None:
        return True
    try:
        check_person(package, package.offered_by)
    except PackageRefused:
        return False
    return True


def _new(application: Application, number: int, by: Account, reason: str) -> Package:
    package = Package(
        application=application,
        number=number,
        offered_by=by,
        offered_at=clock.now(),
        reason=reason,
    )
    writing().add(package)
    writing().flush()
    audit.record(
        "package.offer", by=by, on=package, reason=reason or None, number=number,
        application=application.public_id,
    )  # fmt: skip
    return package
