"""The worker: does each recurring task when it is due, and outlives whatever one of them does."""

from __future__ import annotations

import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date

import structlog

from portal import audit, clock
from portal.extensions import db
from portal.jobs.lease import Lease, acquire, finish, new_owner, release
from portal.jobs.schedule import Task, tasks
from portal.traces import place

_PAUSE_S = 0.25
_log = structlog.get_logger()


class Worker:
    """Needs the application's context. Two workers at once are safe; one of them does the work."""

    def __init__(
        self, todo: Sequence[Task] | None = None, tick: Callable[[], float] = time.monotonic
    ) -> None:
        self._tasks = tasks() if todo is None else todo
        self._tick = tick
        self._owner = new_owner()
        self._stopping = threading.Event()
        self._leases: dict[str, Lease] = {}
        self._due: dict[str, float] = {}
        self._day: dict[str, date] = {}
        self._error: dict[str, str | None] = {}
        self._written: dict[str, int] = {}
        #: Failures of each task since the start.
        self.failures: Counter[str] = Counter()

    def run(self) -> None:
        """Work until `stop`, or SIGTERM or SIGINT after `stop_on_signals`."""
        _log.info("worker.started", owner=self._owner, tasks=[task.name for task in self._tasks])
        try:
            while not self._stopping.is_set():
                self.round()
                self._stopping.wait(_PAUSE_S)
        finally:
            self._give_back()
        _log.info("worker.stopped", owner=self._owner)

    def once(self) -> None:
        """Do every task once, whatever is due, until nothing is left that cannot wait."""
        try:
            self.round()
            while any(due <= self._tick() for due in self._due.values()):
                self.round()
        finally:
            self._give_back()

    def stop(self) -> None:
        """End after the piece of work in hand."""
        self._stopping.set()

    def stop_on_signals(self) -> None:
        """Only in a process's main thread."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: self.stop())

    def round(self) -> None:
        """Each task that is due, once; before each of them what a midnight has brought."""
        for task in self._tasks:
            for urgent in filter(self._midnight_came, self._tasks):
                if not self._stopping.is_set():
                    self._turn(urgent)
            if self._stopping.is_set():
                return
            if self._tick() >= self._due.get(task.name, 0.0):
                self._turn(task)

    def _midnight_came(self, task: Task) -> bool:
        # 제8조①: the day's recordings go right after the midnight that ends it.
        return task.at_midnight and self._day.get(task.name, clock.today()) != clock.today()

    def _must_break_off(self) -> bool:
        """What a task asks between two pieces of work."""
        return self._stopping.is_set() or any(map(self._midnight_came, self._tasks))

    def _turn(self, task: Task) -> None:
        self._day[task.name] = clock.today()
        self._due[task.name] = self._tick() + task.every_s
        origin = audit.origin.set("worker")
        try:
            lease = self._lease(task)
            if lease:
                self._do(task, lease)
        except Exception as error:  # the database cannot be reached: the next turn tries again
            self._note(task, error)
        finally:
            audit.origin.reset(origin)
            db.session.remove()

    def _do(self, task: Task, lease: Lease) -> None:
        error = None
        try:
            if task.run(self._must_break_off):
                self._due[task.name] = self._tick()
        except Exception as raised:
            error = type(raised).__name__
            self._note(task, raised)
        db.session.rollback()
        # Written with each new lease and when something is or was wrong, not every two seconds.
        news = error or self._error.get(task.name)
        if news or lease.epoch != self._written.get(task.name):
            finish(lease, error)
            self._written[task.name] = lease.epoch
        self._error[task.name] = error

    def _lease(self, task: Task) -> Lease | None:
        lease = self._leases.get(task.name)
        if lease is None or not lease.is_fresh:
            lease = acquire(task.name, self._owner)
            if lease is None:
                self._leases.pop(task.name, None)
            else:
                self._leases[task.name] = lease
        return lease

    def _note(self, task: Task, error: Exception) -> None:
        self.failures[task.name] += 1
        _log.error(
            "worker.task_failed",
            task=task.name,
            type=type(error).__name__,
            failures=self.failures[task.name],
            at=place(error),
        )

    def _give_back(self) -> None:
        for lease in self._leases.values():
            try:
                release(lease)
            except Exception as error:
                _log.warning("worker.lease_kept", task=lease.task, type=type(error).__name__)
        self._leases.clear()
        db.session.remove()
