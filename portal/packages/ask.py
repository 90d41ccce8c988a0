"""The recipient asks for the password: it is shown this once, and the package is built with it."""

from __future__ import annotations

from dataclasses import dataclass

from portal import audit, clock
from portal.accounts.models import Account
from portal.applications.models import Application
from portal.database import lock, write
from portal.jobs.queue import enqueue
from portal.packages import password
from portal.packages.gate import check_open, check_person, current_package
from portal.packages.models import Package
from portal.packages.refusal import PackageRefused, refusal_of_end
from portal.runtime import vault
from portal.vault import DayKeyDestroyed


@dataclass(frozen=True)
class Shown:
    """The package that is being built, and its password, which nobody can ask for again."""

    package: Package
    password: str

    def __repr__(self) -> str:
        return "Shown(…)"  # a traceback or a log must not carry it


def ask(application: Application, *, by: Account) -> Shown:
    """Make the password and put the build into the queue. Opens its own `write()`.

    Once a package: whoever reloads the page, or comes second, is refused. Raises `PackageRefused`.
    """
    package = _askable(application, by)
    living = [m.recording.delete_on for m in application.matches if m.recording.is_alive]
    if not living:
        raise PackageRefused("deleted")
    day = min(living)  # 제8조①: it dies with the first of its recordings
    new = password.new_password()
    try:
        envelope = password.seal(new, day)
    except DayKeyDestroyed as error:
        raise PackageRefused("deleted") from error
    try:
        with write():
            lock(application)
            lock(package)
            package = _askable(application, by)
            package.state, package.asked_at = "building", clock.now()
            package.delete_on, package.envelope = day, envelope
            package.job = enqueue("package", by=by, package=package.public_id)
            audit.record("package.password", by=by, on=package)
    except BaseException:
        vault().recordings.remove(day, envelope)
        raise
    return Shown(package, new)


def _askable(application: Application, by: Account) -> Package:
    package = current_package(application)
    if package is None:
        raise PackageRefused("stranger")
    check_person(package, by)
    if package.ended_at is not None:
        raise refusal_of_end(package.end_reason)
    check_open(application)
    if package.state != "offered":
        raise PackageRefused("shown")
    return package
