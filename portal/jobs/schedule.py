"""What the worker does again and again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from portal.accounts.close_account import close_what_is_due
from portal.applications.old_drafts import remove_old_drafts
from portal.audit.upkeep import keep_up
from portal.destruction import pending as destruction
from portal.figures.worker import count_figures
from portal.finding.typed import forget_old
from portal.jobs.clean_sessions import clean_sessions
from portal.jobs.lease import new_owner
from portal.jobs.watched import WATCHED_S
from portal.notices.outbox import send_waiting
from portal.notices.reminders import Reminders
from portal.notices.watch import watch
from portal.packages import end as packages
from portal.packages.build import build_next
from portal.prints.start import Prints
from portal.recordings.intake import Intake
from portal.restrictions.serve import end_stopped_sessions
from portal.retention import old_rows, purge

#: Asked between two pieces of work: true when the worker is to stop, or a midnight has come.
Stop = Callable[[], bool]
_INTAKE_BUDGET_S = 5.0
_MAIL_BUDGET_S = 5.0


@dataclass(frozen=True)
class Task:
    """`run(stop)` every `every_s` seconds, and where so marked right after each Seoul midnight.

    It answers true when work is left that cannot wait for the next turn.
    """

    name: str
    every_s: float
    run: Callable[[Stop], bool]
    at_midnight: bool = False


def tasks() -> list[Task]:
    """The tasks of one worker, most urgent first."""
    return [
        Task("retention", WATCHED_S["retention"], _purge, at_midnight=True),
        Task("intake", WATCHED_S["intake"], _intake()),
        Task("packages", 1, _build_packages()),
        Task("prints", 1, _make_prints()),
        Task("restrictions", 60, _end_restricted, at_midnight=True),
        Task("sessions", 60, _clean),
        Task("leavers", 600, _simply(close_what_is_due), at_midnight=True),
        Task("provision", 60, _follow_provision),
        Task("drafts", 3600, _remove_drafts),
        Task("old_notices", 3600, _simply(old_rows.remove_old_notices)),
        Task("old_logins", 3600, _simply(old_rows.remove_old_logins)),
        Task("figures", 3600, _simply(count_figures), at_midnight=True),
        Task("typed_searches", 3600, _simply(forget_old)),
        Task("old_jobs", 3600, _simply(old_rows.remove_old_jobs)),
        Task("audit", 300, _keep_up_log),
        Task("notices", 300, _remind_and_watch()),
        Task("mail", 10, _send_mail),
    ]


def _intake() -> Callable[[Stop], bool]:
    intake = Intake()

    # A budget: deletion must not wait behind ten thousand files.
    def take_in(stop: Stop) -> bool:
        return intake.round(_INTAKE_BUDGET_S, stop).unfinished

    return take_in


def _purge(_stop: Stop) -> bool:
    """Raises `RuntimeError` for a day that could not be finished, so that the job shows it."""
    report = purge.run()
    if report.failed or report.replica_behind:
        raise RuntimeError(f"{len(report.failed)} days not destroyed, or the key replica is behind")
    return False


def _keep_up_log(_stop: Stop) -> bool:
    keep_up()
    return False


def _simply(work: Callable[[], object]) -> Callable[[Stop], bool]:
    def run(_stop: Stop) -> bool:
        work()
        return False

    return run


def _remove_drafts(_stop: Stop) -> bool:
    remove_old_drafts()
    return False


def _build_packages() -> Callable[[Stop], bool]:
    owner = new_owner()
    return lambda _stop: build_next(owner)


def _follow_provision(_stop: Stop) -> bool:
    packages.tidy()
    destruction.close_never_taken()
    destruction.mark_unanswered()
    return False


def _remind_and_watch() -> Callable[[Stop], bool]:
    reminders = Reminders()

    def remind_and_watch(_stop: Stop) -> bool:
        watch(WATCHED_S)
        reminders.run()
        return False

    return remind_and_watch


def _send_mail(stop: Stop) -> bool:
    until = time.monotonic() + _MAIL_BUDGET_S  # deletion must not wait behind a slow server
    send_waiting(lambda: stop() or time.monotonic() > until)
    return False


def _make_prints() -> Callable[[Stop], bool]:
    prints = Prints()

    def make_prints(_stop: Stop) -> bool:
        prints.turn()
        return False

    return make_prints


def _end_restricted(_stop: Stop) -> bool:
    end_stopped_sessions()
    return False


def _clean(_stop: Stop) -> bool:
    clean_sessions()
    return False
