"""The deletion of a day against `rm` and one UPDATE on as many files of the same size.

    python bench/deleting.py [--recordings 33000] [--kilobytes 32] [--folder FOLDER]

A day of recordings is filled with files and rows; others' stay. The worker runs in a process of its
own, all of its tasks done once, its clock two seconds before the midnight that begins that day. The
key must be gone within a second of that midnight. From the first step of the deletion to its end,
by that process's own clock, files and rows may take three times what removing plain files and one
UPDATE take, measured before and after it. Pages are asked for meanwhile in this process: their 95th
percentile may at most double. Exit 1 where a target is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from flask import Flask
from pages import Visitor
from sqlalchemy import func, select, update
from volume.fill import Volume, make

from figures import figure
from portal import clock, create_app
from portal.config import from_environment
from portal.database import write
from portal.extensions import db
from portal.jobs.schedule import Stop, tasks
from portal.jobs.worker import Worker
from portal.recordings.models import Recording
from portal.retention import purge
from portal.runtime import vault
from portal.vault.blob import blob_path

UNREADABLE_S, MOST, MOST_P95 = 1.0, 3.0, 2.0
BEFORE_S = 2.0
WORK = "--work-as-the-worker"


@dataclass
class Figures:
    unreadable_s: float = 0.0
    portal_s: float = 0.0
    cpu_s: float = 0.0
    plain_s: list[float] = field(default_factory=list)
    still: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)


def lay_down(app: Flask, day: date, count: int, kilobytes: int) -> None:
    """`count` recordings that are to go on `day`, each with a file where the vault keeps it."""
    content = os.urandom(kilobytes * 1024)
    with app.app_context():
        vault().day_keys.recipient(day)
        oldest = select(Recording.id).order_by(Recording.id).limit(count)
        with write() as session:
            session.execute(
                update(Recording).where(Recording.id.in_(oldest)).values(delete_on=day),
                execution_options={"synchronize_session": False},
            )
        ids = db.session.scalars(select(Recording.public_id).where(Recording.delete_on == day))
        folder = app.config["DATA"] / "vault" / "days" / str(day)
        folder.mkdir(parents=True)
        for one in ids:
            blob_path(folder, one).write_bytes(content)
    os.sync()


def plain(folder: Path, count: int, kilobytes: int) -> float:
    """Seconds of `rm -r` of as many files and one UPDATE of as many rows, both on the disk."""
    content, target = os.urandom(kilobytes * 1024), folder / "plain"
    (folder / "plain.db").unlink(missing_ok=True)
    target.mkdir()
    for number in range(count):
        (target / f"{number:08d}").write_bytes(content)
    rows = sqlite3.connect(folder / "plain.db", isolation_level=None)
    rows.execute("PRAGMA journal_mode = WAL")
    rows.execute("PRAGMA synchronous = FULL")
    rows.execute("CREATE TABLE call (id INTEGER PRIMARY KEY, number TEXT, gone TEXT)")
    rows.execute("BEGIN")
    rows.executemany(
        "INSERT INTO call VALUES (?, '0316441234', NULL)", ((n,) for n in range(count))
    )
    rows.execute("COMMIT")
    os.sync()
    started = time.perf_counter()
    shutil.rmtree(target)
    entry = os.open(folder, os.O_RDONLY)
    os.fsync(entry)
    os.close(entry)
    rows.execute("UPDATE call SET number = NULL, gone = '2026-11-24'")
    took = time.perf_counter() - started
    rows.close()
    return took


def work() -> None:
    """What the other process does: the worker, with tomorrow's midnight two seconds away."""

    def destroy(_stop: Stop) -> bool:
        begun, cpu = time.monotonic(), time.process_time()
        report = purge.run()
        cpu_s, ended = time.process_time() - cpu, time.monotonic()
        if report.days:
            tell(begun=begun, ended=ended, cpu=cpu_s, gone=report.recordings, files=report.files)
        return False

    os.nice(5)  # as `portal worker`
    with create_app(from_environment()).app_context():
        worker = Worker([replace(t, run=destroy) if t.name == "retention" else t for t in tasks()])
        worker.stop_on_signals()
        worker.round()
        left = clock.midnight(clock.today() + timedelta(days=1)) - clock.now()
        tell(midnight=time.monotonic() + BEFORE_S)
        with clock.at(left - timedelta(seconds=BEFORE_S)):
            worker.run()


def tell(**figures: float) -> None:
    print(json.dumps(figures), flush=True)


def delete(app: Flask, visitor: Visitor, day: date, count: int, figures: Figures) -> None:
    """Start the worker; note when the key is gone, counted from its midnight, and when all is.

    Pages are asked for from two seconds before until the deletion has ended.
    """
    stopping = threading.Event()
    asking = threading.Thread(target=ask, args=(visitor, figures.busy, stopping))
    command = [sys.executable, __file__, WORK]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        midnight = told(process)["midnight"]
        asking.start()
        with app.app_context():
            while not vault().day_keys.is_destroyed(day) and process.poll() is None:
                time.sleep(0.002)
        figures.unreadable_s = time.monotonic() - midnight
        done = told(process)
        stopping.set()
        asking.join()
        process.terminate()
    figures.portal_s, figures.cpu_s = done["ended"] - done["begun"], done["cpu"]
    with app.app_context():
        due = (Recording.delete_on <= day, Recording.destroyed_at.is_(None))
        left = db.session.scalar(select(func.count()).where(*due))
    if left or done["gone"] != count or done["files"] != count:
        raise SystemExit(f"{left} rows are left: {done}")


def told(process: subprocess.Popen[str]) -> dict[str, float]:
    """The next line of figures; the worker's own log lines stand between."""
    for line in process.stdout or ():
        said = json.loads(line)
        if said.keys() <= {
            "midnight",
            "begun",
            "ended",
            "cpu",
            "gone",
            "files",
        }:
            return dict(said)
    raise SystemExit("the worker ended")


def ask(visitor: Visitor, into: list[float], stopping: threading.Event) -> None:
    """Ask for the list of what is to be taken in until `stopping`."""
    while not stopping.is_set():
        started = time.perf_counter()
        answer = visitor.client.get("/intake")
        into.append(time.perf_counter() - started)
        if answer.status_code != 200:
            raise SystemExit(f"/intake: {answer.status}")
        time.sleep(0.02)


def measure(folder: Path, recordings: int, kilobytes: int) -> Figures:
    os.environ["PORTAL_DATA"] = str(folder / "portal")  # the other process's too
    config, figures, day = from_environment(), Figures(), clock.today() + timedelta(days=1)
    volume = Volume(200, max(recordings * 2, 1000), 1_200, 60, 1_000)
    make(config.data, None, volume)
    app = create_app(config)
    app.config["DATA"] = config.data
    with app.app_context():
        purge.run()
    figures.plain_s.append(plain(folder, recordings, kilobytes))
    lay_down(app, day, recordings, kilobytes)
    visitor, stopping = Visitor(app, "custodian"), threading.Event()
    threading.Timer(10, stopping.set).start()
    ask(visitor, figures.still, stopping)
    delete(app, visitor, day, recordings, figures)
    figures.plain_s.append(plain(folder, recordings, kilobytes))
    return figures


def main() -> None:
    if WORK in sys.argv:
        return work()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recordings", type=int, default=33_000)
    parser.add_argument("--kilobytes", type=int, default=32)
    parser.add_argument("--folder", type=Path, help="on the disk that is to be measured")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="deleting-", dir=wanted.folder) as folder:
        figures = measure(Path(folder), wanted.recordings, wanted.kilobytes)
    ratio = figures.portal_s / statistics.mean(figures.plain_s)
    still, busy = (statistics.quantiles(t, n=20)[-1] for t in (figures.still, figures.busy))
    plain_s = " and ".join(f"{took:.2f}" for took in figures.plain_s)
    print(
        f"{wanted.recordings} recordings: unreadable {figures.unreadable_s * 1000:.0f} ms after"
        f" midnight; all gone in {figures.portal_s:.2f} s ({figures.cpu_s:.2f} s CPU),"
        f" rm and UPDATE {plain_s} s, ratio {ratio:.2f};"
        f" pages' p95 {busy * 1000:.1f} ms, before {still * 1000:.1f} ms, ratio {busy / still:.2f}"
    )
    met = figure("unreadable after its midnight", figures.unreadable_s, UNREADABLE_S, "s")
    met &= figure("a day's files and rows, of rm and UPDATE", ratio, MOST)
    met &= figure("pages' p95 meanwhile", busy / still, MOST_P95)
    sys.exit(not met)


if __name__ == "__main__":
    main()
