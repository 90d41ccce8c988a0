"""Single pieces of work (a package, a long print): asked for, and taken by one worker at a time.

Whoever raises a row's `epoch` by a conditional update has it until `leased_until`; a worker that
was killed is followed by another one, so each piece of work must be safe to begin anew.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update

from portal import clock
from portal.accounts.models import Account
from portal.database import write, writing
from portal.extensions import db
from portal.jobs.models import Job

LEASE = timedelta(seconds=30)
MOST_ATTEMPTS = 3


@dataclass(frozen=True)
class Claim:
    """The right to do one job until its lease runs out; `attempt` counts from 1."""

    job_id: int
    epoch: int
    attempt: int
    input: dict[str, Any]

    @property
    def is_last(self) -> bool:
        return self.attempt >= MOST_ATTEMPTS

    @property
    def is_exhausted(self) -> bool:
        """Every attempt allowed ended without a word: the worker was killed each time."""
        return self.attempt > MOST_ATTEMPTS


def enqueue(kind: str, *, by: Account | None, **values: str | int) -> Job:
    """Ask for a piece of work inside the open `write()`; `values` are opaque ids and counts."""
    job = Job(kind=kind, asked_by_id=by.id if by else None, input=json.dumps(values))
    writing().add(job)
    writing().flush()
    return job


def claim(kind: str, owner: str, public_id: str | None = None) -> Claim | None:
    """The oldest job of a kind that waits or whose worker is gone; one job where named."""
    now = clock.now()
    free = or_(Job.state == "waiting", and_(Job.state == "running", Job.leased_until <= now))
    wanted = select(Job.id, Job.epoch, Job.attempts, Job.input).where(Job.kind == kind, free)
    if public_id:
        wanted = wanted.where(Job.public_id == public_id)
    found = db.session.execute(wanted.order_by(Job.asked_at, Job.id).limit(1)).one_or_none()
    db.session.rollback()
    if found is None:
        return None
    taken = Claim(found.id, found.epoch + 1, found.attempts + 1, json.loads(found.input))
    with write():
        won = _update(
            and_(Job.id == found.id, Job.epoch == found.epoch, free),
            epoch=taken.epoch,
            attempts=taken.attempt,
            owner=owner,
            state="running",
            progress=0,
            error=None,
            leased_until=now + LEASE,
        )
    return taken if won else None


def keep(claim: Claim, progress: int) -> bool:
    """Note the progress in percent and renew the lease; False where somebody else has the job."""
    with write():
        return _update(_held(claim), progress=progress, leased_until=clock.now() + LEASE)


def finish(claim: Claim) -> bool:
    """Mark it done inside the open `write()`; False where somebody else has it."""
    return _update(
        _held(claim), state="done", progress=100, finished_at=clock.now(), leased_until=None
    )


def fail(claim: Claim, error: str, *, final: bool) -> bool:
    """Note the type of what went wrong, inside the open `write()`; it waits again if not final."""
    values: dict[str, Any] = {"error": error, "leased_until": None, "owner": None}
    if final:
        values |= {"state": "failed", "finished_at": clock.now()}
    else:
        values |= {"state": "waiting"}
    return _update(_held(claim), **values)


def _held(claim: Claim) -> ColumnElement[bool]:
    return and_(Job.id == claim.job_id, Job.epoch == claim.epoch, Job.state == "running")


def _update(where: ColumnElement[bool], **values: Any) -> bool:
    statement = update(Job).where(where).values(**values)
    result = writing().execute(statement.execution_options(synchronize_session=False))
    return bool(result.rowcount == 1)  # type: ignore[attr-defined]
