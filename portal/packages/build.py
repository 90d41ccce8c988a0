"""Building a package: streamed into its encrypted file; the plain zip exists nowhere (제8조③)."""

from __future__ import annotations

import time

import structlog
from sqlalchemy import select

from portal import audit, clock
from portal.database import lock, write
from portal.documents import issue
from portal.documents.errors import DocumentError
from portal.extensions import db
from portal.ids import public_id
from portal.jobs import queue
from portal.jobs.queue import Claim
from portal.packages import password
from portal.packages.contents import Plan, SoundChanged, entries, plan_of
from portal.packages.end import end_package, remove_files
from portal.packages.models import Package
from portal.packages.zip_stream import Source, ZipStream
from portal.runtime import vault
from portal.vault import AgeFormatError, DayKeyDestroyed, DayKeyMissing, StoredBlob

_log = structlog.get_logger()
_NOTE_EVERY_S = 1.0
#: Nothing that another attempt would mend.
_FOR_GOOD = (
    SoundChanged, DocumentError, FileNotFoundError, DayKeyMissing, AgeFormatError
)  # fmt: skip


class LeaseLost(Exception):
    """Another worker has the job: this attempt leaves nothing behind."""


def build_next(owner: str) -> bool:
    """Build the oldest package that waits; False where none does. For the worker."""
    claim = queue.claim("package", owner)
    if claim is None:
        return False
    build(claim)
    return True


def build(claim: Claim) -> None:
    """One attempt; what it ends with stands in the package's and the job's row.

    Safe to repeat: the same password opens what the next attempt makes. Raises what went wrong
    where another attempt may mend it.
    """
    package = _package(claim)
    if package is None or package.state != "building":
        return _give_up(claim, None, "", "Over")
    if claim.is_exhausted:
        return _give_up(claim, package, "failed", "Killed")
    try:
        _attempt(claim, package)
    except DayKeyDestroyed:
        _give_up(claim, package, "deleted", "DayKeyDestroyed")
    except _FOR_GOOD as error:
        _log.error("package_failed", package=package.public_id, type=type(error).__name__)
        _give_up(claim, package, "failed", type(error).__name__)
    except LeaseLost:
        return None
    except Exception as error:
        if claim.is_last:
            _give_up(claim, package, "failed", type(error).__name__)
        else:
            with write():
                queue.fail(claim, type(error).__name__, final=False)
        raise
    return None


def _attempt(claim: Claim, package: Package) -> None:
    plan, envelope = plan_of(package), package.envelope
    if plan is None or envelope is None:
        return _give_up(claim, package, "deleted" if plan is None else "failed", "Nothing")
    package_id = package.id
    db.session.rollback()  # no transaction is open while it is built
    blob = public_id()
    try:
        stored = _store(claim, plan, blob, password.unseal(plan.delete_on, envelope))
    except BaseException:
        issue.discard(plan.note)
        raise
    if not _enter(claim, package_id, blob, stored, plan.note):
        vault().recordings.remove(plan.delete_on, blob)
        issue.discard(plan.note)
        raise LeaseLost
    # Forgotten: from here on only what the recipient wrote down opens it (제8조②).
    vault().recordings.remove(plan.delete_on, envelope)
    return None


def _store(claim: Claim, plan: Plan, blob: str, secret: str) -> StoredBlob:
    wall_clock = clock.seoul(clock.now()).replace(tzinfo=None)
    stream = _Watched(ZipStream(entries(plan), secret, wall_clock), claim, plan.size)
    # The blob vault reads a binary file; only `read` of it.
    return vault().recordings.put(plan.delete_on, blob, stream)  # type: ignore[arg-type]


def _enter(
    claim: Claim, package_id: int, blob: str, stored: StoredBlob, note: issue.Stored
) -> bool:
    with write() as session:
        package = session.get_one(Package, package_id)
        lock(package)
        if package.state != "building" or not queue.finish(claim):
            return False
        package.state, package.built_at = "ready", clock.now()
        package.blob, package.size, package.sha256 = blob, stored.size, stored.sha256
        package.envelope = None
        issue.issue(
            "provision_note",
            note,
            application=package.application,
            by=package.offered_by,
            why="제공 파일에 넣음",
        )
        audit.record("package.built", by=None, on=package, size=stored.size)
        return True


def _give_up(claim: Claim, package: Package | None, reason: str, error: str) -> None:
    with write():
        if not queue.fail(claim, error, final=True):
            return
        if package is not None:
            end_package(package, reason, by=None)
    if package is not None:
        remove_files(package)


def _package(claim: Claim) -> Package | None:
    wanted = select(Package).where(Package.public_id == claim.input["package"])
    return db.session.scalar(wanted)


class _Watched:
    """The zip on its way into the vault: tells the row how far it is, and stops where it is not
    this worker's any more."""

    def __init__(self, source: Source | ZipStream, claim: Claim, expected: int) -> None:
        self._source = source
        self._claim = claim
        self._expected = max(expected, 1)
        self._done = 0
        self._noted_at = time.monotonic()

    def read(self, length: int, /) -> bytes:
        piece = self._source.read(length)
        self._done += len(piece)
        if time.monotonic() - self._noted_at >= _NOTE_EVERY_S:
            self._noted_at = time.monotonic()
            if not queue.keep(self._claim, min(99, self._done * 100 // self._expected)):
                raise LeaseLost
        return piece
