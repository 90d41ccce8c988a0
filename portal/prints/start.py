"""The worker's part: one child process at a time, and what expired goes."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass

import structlog
from sqlalchemy import delete, select, update

from portal import audit, clock
from portal.database import write
from portal.documents.models import IssuedDocument
from portal.extensions import db
from portal.jobs.models import Job
from portal.prints.ask import KINDS
from portal.prints.make import SILENCE, end
from portal.runtime import config, vault
from portal.words import worded

_MOST_ATTEMPTS = 3
GAVE_UP = (
    "문서를 만들지 못했습니다. 다시 요청하시고, 되풀이되면 {titles.custodian}에게 알려 주십시오."
)
_log = structlog.get_logger()


@dataclass
class _Child:
    process: subprocess.Popen[bytes]
    public_id: str
    epoch: int


class Prints:
    """Between two turns a child may be at work; the worker never waits for it."""

    def __init__(self) -> None:
        self._child: _Child | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a child is at work."""
        return self._child is not None and self._child.process.poll() is None

    def turn(self) -> None:
        """Look after the child, or start one for the job that waits longest."""
        if self._child is not None:
            if self.is_busy:
                return
            put_back(self._child.public_id, self._child.epoch)
            self._child = None
        remove_expired()
        claimed = claim()
        if claimed is not None:
            self._child = _Child(_start(*claimed), *claimed)

    def wait(self, timeout_s: float) -> None:
        """Until the child has ended (tests, `worker --once`)."""
        if self._child is not None:
            self._child.process.wait(timeout_s)


def claim() -> tuple[str, int] | None:
    """Take the next job: public id and epoch; None where nothing waits."""
    now = clock.now()
    left_behind = (Job.state == "running") & (Job.leased_until < now)
    open_jobs = select(Job.id).where(Job.kind.in_(KINDS), (Job.state == "waiting") | left_behind)
    job_id = db.session.scalar(open_jobs.order_by(Job.id).limit(1))
    db.session.rollback()
    if job_id is None:
        return None
    with write() as session:
        raised = (
            update(Job)
            .where(Job.id == job_id, (Job.state == "waiting") | left_behind)
            .values(
                state="running",
                epoch=Job.epoch + 1,
                attempts=Job.attempts + 1,
                leased_until=now + SILENCE,
            )
            .returning(Job.public_id, Job.epoch)
            .execution_options(synchronize_session=False)
        )
        taken = session.execute(raised).one_or_none()
    return (taken.public_id, taken.epoch) if taken else None


def put_back(public_id: str, epoch: int) -> None:
    """After a child ended: a job it left running waits again, or fails after some attempts."""
    with write() as session:
        left = select(Job).where(
            Job.public_id == public_id, Job.epoch == epoch, Job.state == "running"
        )
        job = session.scalar(left.with_for_update())
        if job is None:
            return
        _log.warning("print.child_failed", job=public_id, attempts=job.attempts)
        job.leased_until = None
        if job.attempts < _MOST_ATTEMPTS:
            job.state = "waiting"
        else:
            end(job, "failed", worded(GAVE_UP))


def remove_expired() -> int:
    """Jobs past their day with their files, issued papers apart, which are kept; how many."""
    expired = select(Job).where(Job.kind.in_(KINDS), Job.expires_at <= clock.now())
    gone = [job.public_id for job in db.session.scalars(expired)]
    db.session.rollback()
    for public_id in gone:
        with write() as session:
            session.execute(delete(Job).where(Job.public_id == public_id))
            issued = select(IssuedDocument.id).where(IssuedDocument.public_id == public_id)
            kept = session.scalar(issued) is not None
            audit.record("print.expire", by=None, job=public_id)
        if not kept:
            vault().records.remove(public_id)
    return len(gone)


def _start(public_id: str, epoch: int) -> subprocess.Popen[bytes]:
    here = config()
    environment = {
        **os.environ,
        "PORTAL_DATA": str(here.data),
        "PORTAL_DATABASE_URL": here.database_url,
        "PORTAL_MASTER_KEY_FILE": str(here.master_key_file),
    }
    command = [sys.executable, "-m", "portal.cli", "print", public_id, str(epoch)]
    return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)  # noqa: S603
