"""Making what a job asks for, in the child process that the worker starts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import select, update

from portal import audit, clock
from portal.accounts.models import Account
from portal.database import lock, write
from portal.documents import issue
from portal.documents.addresses import verification_url
from portal.documents.errors import DocumentError
from portal.extensions import db
from portal.jobs.models import Job
from portal.ledger import search, third_party
from portal.ledger.export import export_rows
from portal.ledger.paper import print_rows
from portal.ledger.third_party_export import export_entries
from portal.ledger.third_party_paper import print_entries
from portal.prints.ask import CODES, Kind, Wish
from portal.runtime import settings, vault

#: A running job whose process says nothing for so long is given to another one.
SILENCE = timedelta(seconds=120)


@dataclass(frozen=True)
class _Paper:
    """A year that is printed and issued: the kind of the paper, its rows, and what draws them."""

    kind: str
    rows: Callable[[int], Sequence[Any]]
    draw: Callable[..., bytes]


@dataclass(frozen=True)
class _Book:
    """A year that is exported."""

    rows: Callable[[int], Sequence[Any]]
    write: Callable[..., bytes]


_PAPERS = {
    "ledger_print": _Paper("form3", search.rows_of_year, print_rows),
    "third_party_print": _Paper("third_party", third_party.of_year, print_entries),
}
_BOOKS = {
    "ledger_export": _Book(search.rows_of_year, export_rows),
    "third_party_export": _Book(third_party.of_year, export_entries),
}


class Superseded(Exception):
    """Another process has the job by now; this one stops."""


def make(public_id: str, epoch: int) -> None:
    """Make the file of a job that was claimed at `epoch`, and say so.

    What cannot be printed ends the job with the reason; any other error is left to the worker.
    """
    job = db.session.scalars(select(Job).where(Job.public_id == public_id)).one()
    wish, kind = Wish.of(job), job.kind
    db.session.rollback()
    try:
        if kind in _PAPERS:
            _print(job, wish, _PAPERS[kind], epoch)
        else:
            _export(job, wish, _BOOKS[kind], epoch)
    except DocumentError as error:
        with write():
            _hold(job, epoch)
            end(job, "failed", str(error))


def _print(job: Job, wish: Wish, paper: _Paper, epoch: int) -> None:
    """The year on paper, issued: it carries a verification number."""
    number = issue.prepare().verification_no
    prepared = issue.Prepared(document_id=job.public_id, verification_no=number)
    rows = paper.rows(wish.year)
    pdf = paper.draw(
        rows,
        f"{wish.year}년",
        verification_no=number,
        verification_url=verification_url(number),
        progress=_teller(job.id, epoch),
    )
    count = len(rows)
    stored = issue.store(prepared, pdf)
    with write() as session:
        _hold(job, epoch)
        by = session.get_one(Account, job.asked_by_id)
        issue.issue(paper.kind, stored, application=None, by=by, why=wish.reason)
        _done(job, by, count)


def _export(job: Job, wish: Wish, book: _Book, epoch: int) -> None:
    rows = book.rows(wish.year)
    data = book.write(rows, wish.year, made_at=job.asked_at, unmasked=wish.unmasked)
    count = len(rows)
    vault().records.put(job.public_id, data)
    with write() as session:
        _hold(job, epoch)
        _done(job, session.get_one(Account, job.asked_by_id), count)


def _done(job: Job, by: Account, count: int) -> None:
    _asked, made = CODES[cast(Kind, job.kind)]
    end(job, "done", None)
    audit.record(made, by=by, on=job, rows=count)


def _teller(job_id: int, epoch: int) -> Callable[[int, int], None]:
    """Writes the progress in percent and renews the claim."""

    def tell(done: int, total: int) -> None:
        with write() as session:
            told = (
                update(Job)
                .where(Job.id == job_id, Job.epoch == epoch)
                .values(progress=done * 100 // total, leased_until=clock.now() + SILENCE)
                .execution_options(synchronize_session=False)
            )
            if session.execute(told).rowcount == 0:  # type: ignore[attr-defined]
                raise Superseded

    return tell


def _hold(job: Job, epoch: int) -> None:
    lock(job)
    if job.epoch != epoch or job.state != "running":
        raise Superseded


def end(job: Job, state: str, error: str | None) -> None:
    """Inside `write()`: what became of it; from now on its days are counted."""
    now = clock.now()
    job.state, job.error, job.finished_at, job.leased_until = state, error, now, None
    job.progress = 100 if state == "done" else job.progress
    job.expires_at = now + timedelta(days=settings().papers.kept_days)
