"""The recipient asks for the password: it is shown this once, and the package is built with it."""

from __future__ import annotations

from dataclasses import dataclass

from portal import audit, clock
from portal.accounts.models import Account
from portal.applications.models import Application
from portal.database import lock
from portal.handover.prepare import receipt_of
from portal.jobs.queue import enqueue
from portal.packages import password
from portal.packages.gate import check_open, check_person, current_package
from portal.packages.models import Package
from portal.packages.refusal import PackageRefused, refusal_of_end
from portal.recordings.commit import committing
from portal.vault import DayKeyDestroyed

OWN_SCREEN, TURNED_SCREEN = "own", "screen"
#: A recipient to whom it was sent with a 회신 공문 is told apart from the medium (제8조②).
TOLD_APART = {
    "telephone": "등록한 연락처로 담당 공무원에게 전화하여 알림",
    "letter": "담당 공무원에게 친전 문서로 따로 보냄",
}
WORDS = {
    OWN_SCREEN: "신청한 직원이 자신의 화면에서 봄",
    TURNED_SCREEN: "인수자가 돌려 준 화면에서 봄",
    **TOLD_APART,
}


@dataclass(frozen=True)
class Shown:
    """The package that is being built, and its password, which nobody can ask for again."""

    package: Package
    password: str

    def __repr__(self) -> str:
        return "Shown(…)"  # a traceback or a log must not carry it


def ask(application: Application, *, by: Account, told_how: str = "") -> Shown:
    """Make the password and put the build into the queue. Opens its own `write()`.

    `told_how`, a key of `TOLD_APART`, is asked for where it goes with a 회신 공문. Once a package:
    whoever reloads the page, or comes second, is refused. Raises `PackageRefused`.
    """
    package = _askable(application, by)
    told_how = _told(application, told_how)
    living = [m.recording.delete_on for m in application.matches if m.recording.is_alive]
    if not living:
        raise PackageRefused("deleted")
    day = min(living)  # 제8조①: it dies with the first of its recordings
    new = password.new_password()
    try:
        envelope = password.seal(new, day)
        with committing(day, envelope):
            lock(application)
            lock(package)
            package = _askable(application, by)
            package.state, package.asked_at = "building", clock.now()
            package.told_how = told_how
            package.delete_on, package.envelope = day, envelope
            package.job = enqueue("package", by=by, package=package.public_id)
            audit.record("package.password", by=by, on=package, told=told_how)
    except DayKeyDestroyed as error:
        raise PackageRefused("deleted") from error
    return Shown(package, new)


def is_sent(application: Application) -> bool:
    """Whether it goes to the recipient with a 회신 공문, so that nobody stands at the screen."""
    receipt = receipt_of(application)
    return receipt is not None and receipt.is_reply


def _told(application: Application, told_how: str) -> str:
    if application.applicant_id is not None:
        return OWN_SCREEN
    if not is_sent(application):
        return TURNED_SCREEN
    if told_how not in TOLD_APART:
        raise PackageRefused("not_told")
    return told_how


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
