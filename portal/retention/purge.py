"""제8조①: what is past its day is destroyed: the key, then the files, then the rows (decision 6).

Every step may be repeated and two runs may work at once, so a crash anywhere is finished by the
next run. Nothing here decides whether a recording may still be heard: the clock has done that.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from portal import audit, clock
from portal.applications.models import ApplicationRecording
from portal.audit.clock_check import require_sane_clock
from portal.database import write
from portal.extensions import db
from portal.packages import end as packages
from portal.playback.close import close_finished
from portal.playback.models import ListeningSession
from portal.playback.open_session import end_session
from portal.recordings.models import QuarantineItem, Recording
from portal.retention.expire import expire_applications
from portal.retention.rows import destroy_batch, forget_lines
from portal.retention.write_ahead_log import IN_PASSING_MS, PATIENCE_MS, truncate
from portal.runtime import config, vault
from portal.vault.durable import remove_old_temporaries

#: A copy of the database that an interrupted backup left holds numbers: it goes after an hour.
_STALE_S = 3600.0
_log = structlog.get_logger()


@dataclass
class PurgeReport:
    """What one run destroyed. `log_emptied`: the database keeps no older copy of the rows either.

    `failed` are days that could not be finished; the next run takes them up again.
    `replica_behind`: the second place of the day keys is out of reach or not in step.
    """

    days: list[date] = field(default_factory=list)
    keys: int = 0
    files: int = 0
    recordings: int = 0
    quarantined: int = 0
    sessions_ended: int = 0
    packages_ended: int = 0
    applications_expired: int = 0
    applications_closed: int = 0
    log_emptied: bool = True
    replica_behind: bool = False
    failed: list[date] = field(default_factory=list)


def run(now: datetime | None = None) -> PurgeReport:
    """Destroy everything whose day has come; `now` stands in for the clock's moment.

    Raises `ClockBehind`.
    """
    require_sane_clock()
    today = clock.seoul(now or clock.now()).date()
    report = PurgeReport()
    report.keys += len(vault().day_keys.finish_destructions())
    _keep_up_replica()
    remove_old_temporaries(config().data, _STALE_S)
    days = due_days(today)
    for day in days:  # all keys first: from here on nothing of these days can be read
        report.keys += _destroy_key(day, report)
    for day in days:
        if day not in report.failed:
            _destroy_day(day, report)
    report.applications_expired = expire_applications(today)
    closed = close_finished()
    report.sessions_ended += closed.sessions
    report.applications_closed = closed.applications
    forget_lines()
    # Also where nothing was destroyed: a run before this one may have been killed just here.
    report.replica_behind = vault().day_keys.replica_is_behind
    destroyed = report.recordings or report.quarantined
    report.log_emptied = truncate(PATIENCE_MS if destroyed else IN_PASSING_MS)
    return report


def _keep_up_replica() -> None:
    recovered = vault().day_keys.keep_up_replica()
    if recovered:
        _log.warning("day_keys_recovered", days=[str(day) for day in recovered])
        audit.record_alone("key.recover", by=None, days=len(recovered))


def due_days(today: date) -> list[date]:
    """Days up to today of which rows, a key or files are left, in order."""
    found = {day for day in vault().day_keys.days() if day <= today}
    found.update(day for day in vault().recordings.days() if day <= today)
    for model in (Recording, QuarantineItem):
        left = select(model.delete_on).where(model.delete_on <= today, model.destroyed_at.is_(None))
        found.update(db.session.scalars(left.distinct()))
    db.session.rollback()
    return sorted(found)


def _destroy_key(day: date, report: PurgeReport) -> bool:
    """Also where there is none: the marker keeps a late arrival from making one.

    One key that cannot be removed holds up no other.
    """
    had_key = day in vault().day_keys.days()
    try:
        vault().day_keys.destroy(day)
    except OSError as error:
        _log.error("key_not_destroyed", day=str(day), type=type(error).__name__)
        report.failed.append(day)
        return False
    return had_key


def _destroy_day(day: date, report: PurgeReport) -> None:
    """Files and rows. One day that fails (a folder without write permission) holds up no other."""
    try:
        report.sessions_ended += _end_listening(day)
        # Before the recordings' rows: as long as one is left, the next run comes here again.
        report.packages_ended += packages.end_day(day)
        report.files += vault().recordings.remove_day(day)
        _destroy_rows(day, report)
        report.days.append(day)
    except (OSError, SQLAlchemyError) as error:
        _log.error("purge_failed", day=str(day), type=type(error).__name__)
        report.failed.append(day)


def _destroy_rows(day: date, report: PurgeReport) -> None:
    tombstone_id: int | None = None
    while batch := destroy_batch(day, tombstone_id):
        tombstone_id = batch.tombstone_id
        report.recordings += batch.recordings
        report.quarantined += batch.quarantined


def _end_listening(day: date) -> int:
    """End what is open on recordings of the day; the gate has refused it since midnight."""
    applications = (
        select(ApplicationRecording.application_id)
        .join(Recording, Recording.id == ApplicationRecording.recording_id)
        .where(Recording.delete_on == day)
    )
    with write() as session:
        open_ones = session.scalars(
            select(ListeningSession).where(
                ListeningSession.ended_at.is_(None),
                ListeningSession.application_id.in_(applications),
            )
        )
        return sum(end_session(listening, None, "deleted") for listening in open_ones.all())
