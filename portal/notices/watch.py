"""The alarm: custodians are told, once a day, when taking in or deleting stands still.

A worker that is dead cannot say so: the pages ask `worker_stands`, and `portal notices run` (by
cron, beside the worker) tells it and sends it by mail.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select

from portal import clock
from portal.approvals.standing import holders_of
from portal.database import write
from portal.disk import is_nearly_full
from portal.extensions import db
from portal.jobs.lease import last_beat
from portal.jobs.models import Job
from portal.notices.kinds import Kind
from portal.notices.people import in_order
from portal.notices.tell import tell
from portal.recordings.models import Recording
from portal.roles import Role
from portal.runtime import settings

_WATCHED = {"intake": Kind.INTAKE_STANDS, "retention": Kind.DELETION_STANDS}


def watch(every_s: Mapping[str, float]) -> list[Kind]:
    """Tell the custodians what stands still, and return it. `every_s`: how often each task runs."""
    found = standing_still(every_s)
    db.session.rollback()
    if found:
        with write():
            for account in in_order(holders_of(Role.CUSTODIAN), but=None):
                for kind in found:
                    tell(account, kind, once=f"alarm:{kind}:{clock.today()}:{account.id}")
    return found


def worker_stands() -> bool:
    """Whether no worker has announced itself for longer than the settings allow."""
    beat = last_beat()
    return beat is None or beat < clock.now() - _patience()


def standing_still(every_s: Mapping[str, float]) -> list[Kind]:
    """What has stood still for longer than the settings allow."""
    full = [Kind.DISK_LOW] if is_nearly_full() else []
    if worker_stands():
        return [*full, Kind.WORKER_STANDS]
    jobs = db.session.scalars(select(Job).where(Job.recurring.in_(_WATCHED)))
    found = {_WATCHED[str(job.recurring)] for job in jobs if _stands(job, every_s)}
    if _undeleted():
        found.add(Kind.DELETION_STANDS)
    return full + sorted(found)


def _stands(job: Job, every_s: Mapping[str, float]) -> bool:
    """Held by nobody for too long, or failing again and again for too long."""
    if job.leased_until is not None and job.leased_until < clock.now() - _patience():
        return True
    failing = timedelta(seconds=job.attempts * every_s.get(str(job.recurring), 0))
    return job.state == "failed" and failing >= _patience()


def _undeleted() -> bool:
    """제8조①: something is past its day, and the run after midnight is long over."""
    if clock.now() < clock.midnight(clock.today()) + _patience():
        return False
    left = select(Recording.id).where(
        Recording.delete_on <= clock.today(), Recording.destroyed_at.is_(None)
    )
    return db.session.scalar(left.limit(1)) is not None


def _patience() -> timedelta:
    return timedelta(minutes=settings().reminders.stands_still_minutes)
