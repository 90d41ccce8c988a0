"""The worker: due, leased, and not stopped by what one task does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from portal import clock
from portal.accounts.models import LoginSession
from portal.audit.models import AuditView
from portal.audit.views import note_view
from portal.clock import SEOUL
from portal.database import write
from portal.extensions import db
from portal.jobs.clean_sessions import clean_sessions
from portal.jobs.lease import acquire, finish, is_worker_alive, new_owner, release
from portal.jobs.models import Job
from portal.jobs.schedule import Stop, Task, tasks
from portal.jobs.worker import Worker


class Calls:
    """A task that counts its runs; answers or raises what it is told to."""

    def __init__(self, answer: bool | Exception = False) -> None:
        self.count = 0
        self.answer = answer

    def __call__(self, _stop: Stop) -> bool:
        self.count += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Tick:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def tick() -> Tick:
    return Tick()


def job(name: str = "task") -> Job:
    db.session.rollback()
    return db.session.scalars(select(Job).where(Job.recurring == name)).one()


def test_a_task_runs_at_once_and_then_when_it_is_due(app: Flask, tick: Tick) -> None:
    task = Calls()
    worker = Worker([Task("task", 30, task)], tick)

    for tick.now in (0.0, 10.0, 29.0, 30.0, 31.0):
        worker.round()

    assert task.count == 2


def test_work_that_is_left_is_done_in_the_next_round(app: Flask, tick: Tick) -> None:
    task = Calls(answer=True)
    worker = Worker([Task("task", 30, task)], tick)

    worker.round()
    worker.round()

    assert task.count == 2


def test_deletion_runs_right_after_midnight_in_seoul_without_waiting_for_its_turn(
    app: Flask, tick: Tick
) -> None:
    midnightly, other = Calls(), Calls()
    worker = Worker([Task("a", 30, midnightly, at_midnight=True), Task("b", 30, other)], tick)
    midnight = datetime(2026, 12, 24, tzinfo=SEOUL)

    with clock.at(midnight - timedelta(seconds=1)):
        worker.round()
        worker.round()
    with clock.at(midnight):
        worker.round()
        worker.round()

    assert (midnightly.count, other.count) == (2, 1)


def test_at_midnight_work_in_hand_is_broken_off_for_the_deletion(
    app: Flask, tick: Tick, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = datetime(2026, 12, 23, 23, 59, 59, tzinfo=SEOUL)
    done: list[tuple[object, ...]] = []

    def take_in(stop: Stop) -> bool:
        nonlocal moment
        before, moment = stop(), moment + timedelta(seconds=2)
        done.append(("take in", before, stop()))
        return False

    def delete(_stop: Stop) -> bool:
        done.append(("delete",))
        return False

    def last(_stop: Stop) -> bool:
        done.append(("last",))
        return False

    worker = Worker(
        [
            Task("delete", 30, delete, at_midnight=True),
            Task("take in", 30, take_in),
            Task("last", 30, last),
        ],
        tick,
    )
    monkeypatch.setattr(clock, "_source", lambda: moment)
    worker.round()

    assert done == [("delete",), ("take in", False, True), ("delete",), ("last",)]


def test_one_tasks_failure_is_counted_and_does_not_stop_the_others(app: Flask, tick: Tick) -> None:
    bad, good = Calls(ValueError("010-1234-5678")), Calls()
    worker = Worker([Task("bad", 2, bad), Task("good", 2, good)], tick)

    for tick.now in (0.0, 2.0):
        worker.round()

    assert (bad.count, good.count, worker.failures) == (2, 2, {"bad": 2})
    row = job("bad")
    assert (row.state, row.error, row.attempts) == ("failed", "ValueError", 2)


def test_a_task_that_works_again_is_no_longer_shown_as_failed(app: Flask, tick: Tick) -> None:
    task = Calls(ValueError())
    worker = Worker([Task("task", 2, task)], tick)
    worker.round()

    task.answer = False
    tick.now = 2.0
    worker.round()

    row = job()
    assert (row.state, row.error, row.attempts) == ("done", None, 0)


def test_of_two_workers_one_does_the_task_until_it_gives_it_back(app: Flask, tick: Tick) -> None:
    first_task, second_task = Calls(), Calls()
    first = Worker([Task("task", 2, first_task)], tick)
    second = Worker([Task("task", 2, second_task)], tick)
    first._owner, second._owner = "elsewhere:1:00", "another:2:00"

    first.round()
    second.round()
    first.stop()
    first.run()
    tick.now = 2.0
    second.round()

    assert (first_task.count, second_task.count) == (1, 1)


def test_a_lease_that_ran_out_is_taken_over_and_its_holder_can_note_nothing_any_more(
    app: Flask,
) -> None:
    old = acquire("task", "elsewhere:1:00")
    assert old
    assert acquire("task", "another:2:00") is None

    with clock.at(timedelta(seconds=11)):
        new = acquire("task", "another:2:00")
    finish(old, "TooLate")
    release(old)

    assert new
    assert new.epoch == old.epoch + 1
    assert (job().owner, job().error) == ("another:2:00", None)


def test_the_lease_of_a_killed_process_of_this_machine_is_taken_at_once(app: Flask) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    host = new_owner().partition(":")[0]

    assert acquire("task", f"{host}:{dead.pid}:00")
    assert acquire("task", new_owner())


def test_the_lease_of_a_living_process_of_this_machine_is_respected(app: Flask) -> None:
    host = new_owner().partition(":")[0]
    assert acquire("task", f"{host}:{os.getppid()}:00")

    assert acquire("task", new_owner()) is None


def test_the_rows_times_tell_whether_a_worker_lives(app: Flask, tick: Tick) -> None:
    worker = Worker([Task("task", 2, Calls())], tick)
    assert not is_worker_alive()

    worker.round()
    living = is_worker_alive()
    with clock.at(timedelta(seconds=11)):
        later = is_worker_alive()

    assert (living, later) == (True, False)


def test_an_idle_worker_writes_no_more_than_its_leases_ask_for(app: Flask, tick: Tick) -> None:
    worker = Worker([Task("task", 2, Calls())], tick)
    worker.round()
    epoch = job().epoch

    for tick.now in (2.0, 4.0):
        worker.round()

    assert job().epoch == epoch


def test_sigterm_ends_it_after_the_task_in_hand(app: Flask) -> None:
    done: list[str] = []

    def first(stop: Callable[[], bool]) -> bool:
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop()
        done.append("first")
        return False

    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    worker = Worker([Task("first", 2, first), Task("second", 2, Calls())])
    worker.stop_on_signals()
    try:
        worker.run()
    finally:
        signal.signal(signal.SIGTERM, before[0])
        signal.signal(signal.SIGINT, before[1])

    assert done == ["first"]
    assert job("first").owner is None


def test_the_real_tasks_run_once_on_an_empty_installation(app: Flask) -> None:
    worker = Worker()

    worker.once()

    names = [task.name for task in tasks()]
    assert names[:2] == ["retention", "intake"], "deletion before everything else"
    assert len(names) == len(set(names)), "a name is the key of a lease"
    assert worker.failures == {}
    assert {row.state for row in db.session.scalars(select(Job))} == {"done"}


def test_sessions_that_ran_out_are_marked_and_forgotten_looks_go(app: Flask) -> None:
    person = factories.account()
    now = clock.now()
    with write() as session:
        for number, hours in ((1, 11), (2, 0)):
            moment = now - timedelta(hours=hours)
            session.add(
                LoginSession(
                    token_hash=str(number),
                    account_id=person.id,
                    origin="test",
                    started_at=moment,
                    seen_at=now,
                )
            )
    note_view(person, on=person)

    clean_sessions()
    with clock.at(timedelta(minutes=21)):
        clean_sessions()

    db.session.rollback()
    ended = dict(db.session.execute(select(LoginSession.token_hash, LoginSession.end_reason)).all())
    assert ended == {"1": "ran_out", "2": None}
    assert db.session.scalars(select(AuditView)).all() == []
