"""Who does a recurring task now. The lease only saves work: every task is safe done twice.

A task has one row. Whoever raises its `epoch` by a conditional update owns it until
`leased_until`; the holder renews it while it lives, so the row's times tell that a worker lives.
"""

from __future__ import annotations

import os
import secrets
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.database import write
from portal.extensions import db
from portal.ids import public_id
from portal.jobs.models import Job

LEASE = timedelta(seconds=10)
_RENEW_BELOW = LEASE / 2


def new_owner() -> str:
    """A name for this worker: machine, process, and a part that no later process shares."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"


@dataclass(frozen=True)
class Lease:
    """The right to do a task until `until`."""

    task: str
    owner: str
    epoch: int
    until: datetime

    @property
    def is_fresh(self) -> bool:
        """Long enough ahead that no renewal is needed."""
        return clock.now() + _RENEW_BELOW < self.until


def acquire(task: str, owner: str) -> Lease | None:
    """Take or renew the lease of a task; None while another living worker has it."""
    held = db.session.execute(
        select(Job.owner, Job.epoch, Job.leased_until).where(Job.recurring == task)
    ).one_or_none()
    now, epoch = clock.now(), 0
    if held is None:
        _add_row(task)
    else:
        epoch = held.epoch
        others = held.owner not in (None, owner) and held.leased_until and held.leased_until > now
        if others and not _is_dead(held.owner):
            db.session.rollback()
            return None
    with write() as session:
        raised = (
            update(Job)
            .where(Job.recurring == task, Job.epoch == epoch)
            .values(epoch=epoch + 1, owner=owner, leased_until=now + LEASE, state="running")
            .execution_options(synchronize_session=False)
        )
        won = session.execute(raised).rowcount == 1  # type: ignore[attr-defined]
    return Lease(task, owner, epoch + 1, now + LEASE) if won else None


def finish(lease: Lease, error: str | None = None) -> None:
    """Note the end of a run: `error` is the type of what went wrong. The lease is kept."""
    _update(
        lease,
        finished_at=clock.now(),
        state="failed" if error else "done",
        error=error,
        attempts=Job.attempts + 1 if error else 0,
    )


def release(lease: Lease) -> None:
    """Give the task back, so that another worker need not wait."""
    _update(lease, leased_until=None, owner=None)


def last_beat() -> datetime | None:
    """The latest moment up to which a worker has announced itself; None before the first."""
    return db.session.scalar(beats())


def beats() -> Select[datetime | None]:
    """Asks for that moment."""
    return select(func.max(Job.leased_until)).where(Job.recurring.is_not(None))


def is_worker_alive() -> bool:
    beat = last_beat()
    return beat is not None and beat > clock.now()


def _update(lease: Lease, **values: object) -> None:
    with write() as session:
        session.execute(
            update(Job)
            .where(Job.recurring == lease.task, Job.epoch == lease.epoch)
            .values(**values)
            .execution_options(synchronize_session=False)
        )


def _add_row(task: str) -> None:
    try:
        with write() as session:
            session.execute(
                insert(Job).values(
                    public_id=public_id(), kind="recurring", recurring=task, asked_at=clock.now()
                )
            )
    except IntegrityError:
        pass  # another worker was first


def _is_dead(owner: str) -> bool:
    """Whether the holder was a process of this machine that is gone (killed, power cut)."""
    host, _, rest = owner.partition(":")
    number = rest.partition(":")[0]
    if host != socket.gethostname()[:40] or not number.isdecimal():
        return False
    if int(number) == os.getpid():
        return True  # a container's process 1 before its restart
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
