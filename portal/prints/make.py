"""Making what a job asks for, in the child process that the worker starts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select, update

from portal import audit, clock
from portal.accounts.models import Account
from portal.database import lock, write
from portal.documents import issue
from portal.documents.addresses import verification_url
from portal.documents.errors import DocumentError
from portal.extensions import db
from portal.jobs.models import Job
from portal.ledger import search
from portal.ledger.export import export_rows
from portal.ledger.paper import print_rows
from portal.prints.ask import Wish
from portal.runtime import settings, vault

#: A running job whose process says nothing for so long is given to another one.
SILENCE = timedelta(seconds=120)


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
        if kind == "ledger_print":
            _print(job, wish, epoch)
        else:
            _export(job, wish, epoch)
    except DocumentError as error:
        with write():
            _hold(job, epoch)
            end(job, "failed", str(error))


def _print(job: Job, wish: Wish, epoch: int) -> None:
    """The year as 별지 제3호서식, issued: it carries a verification number."""
    number = issue.prepare().verification_no
    prepared = issue.Prepared(document_id=job.public_id, verification_no=number)
    rows = search.rows_of_year(wish.year)
    pdf = print_rows(
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
        issue.issue("form3", stored, application=None, by=by, why=wish.reason)
        end(job, "done", None)
        audit.record("ledger.printed", by=by, on=job, rows=count)


def _export(job: Job, wish: Wish, epoch: int) -> None:
    rows = search.rows_of_year(wish.year)
    book = export_rows(rows, wish.year, made_at=job.asked_at, unmasked=wish.unmasked)
    count = len(rows)
    vault().records.put(job.public_id, book)
    with write() as session:
        _hold(job, epoch)
        end(job, "done", None)
        by = session.get_one(Account, job.asked_by_id)
        audit.record("ledger.exported", by=by, on=job, rows=count)


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
