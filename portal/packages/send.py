"""Sending a package: in pieces that each pass the gate; used up when the last byte went out."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit, clock
from portal.accounts.models import Account, LoginSession
from portal.database import lock, write
from portal.extensions import db
from portal.packages import gate
from portal.packages.end import end_package, remove_files
from portal.packages.models import PackageDownload
from portal.packages.refusal import PackageRefused
from portal.runtime import vault
from portal.vault import AgeFormatError, AgeReader, DayKeyDestroyed, DayKeyMissing

PIECE = 1024 * 1024  # bytes
_log = structlog.get_logger()


@dataclass(frozen=True)
class Ticket:
    """Who may be sent which bytes, by ids: no row is held while bytes leave."""

    download_id: int
    account_id: int
    login_id: int
    origin: str
    size: int
    sha256: str


def ticket(public_id: str, account: Account, login: LoginSession) -> Ticket:
    """The right to be sent an opened download. Raises `PackageRefused`."""
    download = db.session.scalar(
        select(PackageDownload).where(PackageDownload.public_id == public_id)
    )
    if download is None:
        raise PackageRefused("stranger")
    gate.check_download(download, account, login, clock.now())
    package = download.package
    if package.size is None or package.sha256 is None:
        raise PackageRefused("not_ready")
    return Ticket(
        download.id, account.id, login.id, audit.origin.get(), package.size, package.sha256
    )


def pieces(ticket: Ticket, first: int, end: int) -> Generator[bytes, None, None]:
    """The bytes from `first` up to but not including `end`, no transaction open between two.

    Each piece passes the gate anew; raises `PackageRefused` where it does not. The package is used
    up once the piece with its last byte has been taken by whoever sends it. The reader keeps the
    key of this one file until the end.
    """
    at = first
    try:
        with _reader(ticket) as reader:
            _note_start(ticket)
            while at < end:
                _passed(ticket)
                db.session.rollback()
                piece = reader.read_at(at, min(PIECE, end - at))
                if not piece:
                    raise PackageRefused("file_missing")
                yield piece
                at += len(piece)
        if at >= ticket.size:
            _complete(ticket)
    except PackageRefused as refused:
        _note_cut(ticket, at, refused.code)
        raise
    except GeneratorExit:  # the browser went away
        _note_cut(ticket, at, "interrupted")
        raise


def _reader(ticket: Ticket) -> AgeReader:
    package = _passed(ticket).package
    day, blob, package_id = package.delete_on, package.blob, package.public_id
    db.session.rollback()
    if day is None or blob is None:
        raise PackageRefused("not_ready")
    try:
        return vault().recordings.open(day, blob)
    except DayKeyDestroyed as error:
        raise PackageRefused("deleted") from error
    except (OSError, DayKeyMissing, AgeFormatError) as error:
        _log.error("package_unreadable", package=package_id, type=type(error).__name__)
        raise PackageRefused("file_missing") from error


def _passed(ticket: Ticket) -> PackageDownload:
    db.session.rollback()  # everything is read anew
    download = db.session.get_one(PackageDownload, ticket.download_id)
    account = db.session.get_one(Account, ticket.account_id)
    login = db.session.get_one(LoginSession, ticket.login_id)
    gate.check_download(download, account, login, clock.now())
    return download


def _note_start(ticket: Ticket) -> None:
    """The first byte ever sent starts the minutes within which it may be taken up again."""
    with write() as session:
        download = session.get_one(PackageDownload, ticket.download_id)
        lock(download.package)
        if download.package.first_byte_at is None:
            download.package.first_byte_at = clock.now()


@contextmanager
def _writing(ticket: Ticket) -> Iterator[Session]:
    """`write()` as from the address that opened the download."""
    before = audit.origin.set(ticket.origin)
    try:
        with write() as session:
            yield session
    finally:
        audit.origin.reset(before)


def _complete(ticket: Ticket) -> None:
    with _writing(ticket) as session:
        download = session.get_one(PackageDownload, ticket.download_id)
        package = download.package
        lock(package)
        if package.state != "ready":
            return
        package.used_at = download.completed_at = clock.now()
        download.sent = ticket.size
        audit.record("package.sent", by=download.account, on=package, bytes=ticket.size)
        end_package(package, "used", by=download.account)
    remove_files(package)


def _note_cut(ticket: Ticket, at: int, why: str) -> None:
    with _writing(ticket) as session:
        download = session.get_one(PackageDownload, ticket.download_id)
        download.sent = max(download.sent, at)
        audit.record("package.cut", by=download.account, on=download.package, bytes=at, why=why)
