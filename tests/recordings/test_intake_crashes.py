"""Killed, refused by the disk, cut off at the commit, raced: each call still ends exactly once."""

from __future__ import annotations

import errno
import os
import random
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal import clock
from portal.audit.verify import verify
from portal.extensions import db
from portal.recordings import importer
from portal.recordings.intake import Intake
from portal.recordings.models import QuarantineItem, Recording
from portal.recordings.sources.drop_folder import scan
from portal.retention.models import Tombstone
from portal.retention.reconcile import reconcile
from recordings.dropping import (
    LONG_AFTER,
    SETTLED,
    blobs,
    count,
    drop,
    kept_bytes,
    left,
    outcomes,
    rows,
    sidecar,
    sound,
    take_in,
    the_recording,
)
from vault.crash import start, survives_kill_before_touch


def good(number: int) -> None:
    """A call of another day each, so that each makes a new key and a new folder."""
    called_at = clock.now() - timedelta(days=number % 28, minutes=5)
    drop(f"call-{number}", sound(), sidecar(f"call-{number}", called_at))


def bad(number: int) -> None:
    drop(f"call-{number}", sound(), b"{%d" % number)


def late(number: int) -> None:
    called_at = clock.now() - timedelta(days=40 + number)
    drop(f"call-{number}", sound(number), sidecar(f"call-{number}", called_at))


KINDS = {"good": (good, Recording), "bad": (bad, QuarantineItem), "late": (late, Tombstone)}


def one_round() -> None:
    """In a child: its own connections, what lies there taken in."""
    with clock.at(SETTLED):
        assert Intake().round().failed == 0


def apart(app: Flask) -> None:
    """A forked child must not share the parent's connections."""
    db.session.remove()
    db.engine.dispose()


@pytest.mark.parametrize("kind", KINDS)
def test_a_kill_before_any_touch_of_the_disk_is_finished_by_the_next_run(
    app: Flask, kind: str
) -> None:
    lay_down, model = KINDS[kind]
    lay_down(0)
    take_in()

    number, survived = 0, False
    while not survived:
        number += 1
        lay_down(number)
        apart(app)
        survived = survives_kill_before_touch(number, one_round)
        take_in()
        assert left() == [], f"killed before touch {number}"
        assert count(model) == number + 1, f"killed before touch {number}"

    assert number > 4
    reconcile(0, repair=True)
    assert blobs() == rows()
    assert verify().sound


@pytest.mark.parametrize("seed", range(4))
def test_a_kill_at_any_moment_loses_and_doubles_nothing(app: Flask, seed: int) -> None:
    moment = random.Random(seed)
    for number in range(12):
        good(number)
    bad(12)
    late(13)

    for _ in range(3):
        apart(app)
        child = start(one_round)
        time.sleep(moment.uniform(0, 0.15))
        os.kill(child, 9)
        os.waitpid(child, 0)
    take_in()

    assert [count(model) for model in (Recording, QuarantineItem, Tombstone)] == [12, 1, 1]
    assert left() == []
    reconcile(0, repair=True)
    assert blobs() == rows()
    assert verify().sound


@pytest.mark.parametrize("kind", KINDS)
def test_a_disk_that_refuses_any_one_sync_loses_nothing(
    app: Flask, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_down, model = KINDS[kind]
    fsync, failed, number = os.fsync, True, 0
    while failed:
        number += 1
        lay_down(number)
        remaining = [number]

        def sync(descriptor: int, remaining: list[int] = remaining) -> None:
            remaining[0] -= 1
            if remaining[0] == 0:
                raise OSError(errno.EIO, "Input/output error")
            fsync(descriptor)

        monkeypatch.setattr(os, "fsync", sync)
        failed = take_in().failed > 0
        monkeypatch.setattr(os, "fsync", fsync)
        take_in()
        assert left() == []
        assert count(model) == number

    assert number > 1
    reconcile(0, repair=True)
    assert blobs() == rows()


@pytest.mark.parametrize("came_through", [True, False])
def test_a_connection_lost_at_the_commit_never_costs_the_sound(
    app: Flask, came_through: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    good(0)
    commit: Callable[[Session], None] = Session.commit

    def lose(session: Session) -> None:
        if came_through:
            commit(session)
        raise OperationalError("COMMIT", {}, Exception("server closed the connection"))

    monkeypatch.setattr(Session, "commit", lose)
    with pytest.raises(OperationalError):
        take_in()
    monkeypatch.undo()
    again = take_in()

    assert again.outcomes == (outcomes(recognised=1) if came_through else outcomes(taken=1))
    assert kept_bytes(the_recording()) == sound()
    reconcile(0, repair=True)
    assert (left(), blobs()) == ([], rows())


def test_a_sidecar_left_by_a_crash_goes_at_once_and_one_that_came_later_waits(app: Flask) -> None:
    for lay_down in (good, bad):
        lay_down(1)
        facts = (drop() / "call-1.json").read_bytes()
        apart(app)
        kept = _with_sidecar_kept(app)
        assert kept == ["call-1.json"]

        assert take_in().outcomes == outcomes(recognised=1)
        drop("call-1", None, facts)
        assert take_in(timedelta(minutes=9)).outcomes == outcomes(waiting=1)
        assert take_in(LONG_AFTER).outcomes == outcomes(recognised=1)
        assert left() == []


def _with_sidecar_kept(app: Flask) -> list[str]:
    """Take in, but die between the removal of the sound and that of the sidecar."""
    folder = drop()
    unlink = type(folder).unlink

    def die_at_the_sidecar(path, missing_ok=False):  # type: ignore[no-untyped-def]
        if path.suffix == ".json":
            raise SystemExit
        unlink(path, missing_ok)

    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr(type(folder), "unlink", die_at_the_sidecar)
        for arrival in scan(folder):  # on the real clock: the row is younger than its files
            with arrival.open(timedelta()) as delivery:
                importer.take_in(delivery)
    return left()


def test_importers_at_once_take_each_call_in_once_and_leave_no_file_without_a_row(
    app: Flask,
) -> None:
    for number in range(15):
        good(number)
    for number in range(15, 20):
        bad(number)
    for number in range(20, 25):
        late(number)
    barrier, failures = threading.Barrier(3), []

    def race() -> None:
        with app.app_context():
            barrier.wait()
            failures.append(Intake().round().failed)
            db.session.remove()

    threads = [threading.Thread(target=race) for _ in range(3)]
    with clock.at(SETTLED):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    take_in()
    assert failures == [0, 0, 0]
    assert [count(model) for model in (Recording, QuarantineItem, Tombstone)] == [15, 5, 5]
    assert (left(), blobs()) == ([], rows())
    assert verify().sound
