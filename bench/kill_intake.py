"""`kill -9` of the worker while it takes in 200 files, 20 times at random moments.

    python bench/kill_intake.py [--seed 1] [--kills 20] [--files 200]

Each time: files are dropped, the worker is started and killed at a random moment of its work, then
started again and left to finish. Nothing may be lost, doubled or left. Exit 1 if anything is.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import numpy as np
from sqlalchemy import func, select

from portal import clock, create_app, schema
from portal.audit.verify import verify
from portal.config import Config, from_environment
from portal.database import write
from portal.demo.voices import conversation, write_wav
from portal.extensions import db
from portal.recordings.models import QuarantineItem, Recording
from portal.retention.models import Tombstone
from portal.retention.reconcile import reconcile
from portal.runtime import vault
from portal.vault.master import MasterKey

_VOICES = conversation(120, seed=7)
_RATE = 8000


@dataclass
class Dropped:
    """What was laid into the folder so far: id → SHA-256 of the good ones, and how many others."""

    good: dict[str, str] = field(default_factory=dict)
    bad: int = 0
    late: int = 0


@dataclass
class Figures:
    after_kill: list[int] = field(default_factory=list)
    half_removed: int = 0
    orphans: int = 0
    temporaries: int = 0
    finish_s: list[float] = field(default_factory=list)


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--kills", type=int, default=20)
    arguments.add_argument("--files", type=int, default=200)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="kill-intake-") as folder:
        config = prepare(Path(folder))
        problems = run(config, random.Random(given.seed), given.kills, given.files)
    print("\n".join(problems) or "nothing lost, doubled or left")
    sys.exit(1 if problems else 0)


def prepare(data: Path) -> Config:
    os.environ["PORTAL_DATA"] = str(data)
    os.environ.pop("PORTAL_DATABASE_URL", None)
    config = from_environment()
    config.master_key_file.parent.mkdir(parents=True)
    MasterKey.create(config.master_key_file)
    config.drop.mkdir()
    with create_app(config).app_context():
        schema.upgrade()
        db.engine.dispose()
    return config


def run(config: Config, moment: random.Random, kills: int, files: int) -> list[str]:
    dropped, figures, problems = Dropped(), Figures(), list[str]()
    lay_down(config.drop, dropped, moment, files, trial=0)
    work_s = finish(config.drop)
    print(f"undisturbed: {files} files in {work_s:.1f} s")
    for trial in range(1, kills + 1):
        lay_down(config.drop, dropped, moment, files, trial)
        kill_at_work(config.drop, moment, figures)
        with create_app(config).app_context():
            look_after_kill(figures)
            db.engine.dispose()
        figures.finish_s.append(finish(config.drop))
        with create_app(config).app_context():
            problems += [f"kill {trial}: {text}" for text in check(dropped)]
            db.engine.dispose()
    report(figures, dropped, kills)
    return problems


def lay_down(folder: Path, dropped: Dropped, moment: random.Random, files: int, trial: int) -> None:
    """In a hundred files: 94 good calls, 3 with a bad sidecar, 3 past their day."""
    for number in range(files):
        name = f"call-{trial:02d}-{number:03d}"
        wav = speech(moment)
        kind = moment.random()
        days = 40 if kind > 0.97 else moment.randrange(0, 28)
        if kind < 0.03:
            facts, dropped.bad = name.encode(), dropped.bad + 1
        else:
            facts = sidecar(name, days)
        if kind > 0.97:
            dropped.late += 1
        elif kind >= 0.03:
            dropped.good[name] = hashlib.sha256(wav).hexdigest()
        (folder / f"{name}.wav").write_bytes(wav)
        (folder / f"{name}.json").write_bytes(facts)


def speech(moment: random.Random) -> bytes:
    """One to ten seconds out of two minutes, so that no two are alike."""
    length = moment.randrange(1 * _RATE, 10 * _RATE)
    start = moment.randrange(0, len(_VOICES) - length)
    file = io.BytesIO()
    write_wav(file, np.ascontiguousarray(_VOICES[start : start + length]))
    return file.getvalue()


def sidecar(name: str, days: int) -> bytes:
    called_at = clock.seoul(clock.now() - timedelta(days=days, minutes=20))
    values = {
        "called_at": called_at.isoformat(timespec="seconds"),
        "duration_s": 5,
        "caller": "010-1234-5678",
        "callee": "031-644-1234",
        "extension": "1234",
        "direction": "inbound",
        "source": "bench",
        "source_id": name,
    }
    return json.dumps(values).encode()


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def start_worker() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", "from portal.cli import main; main()", "worker"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def kill_at_work(folder: Path, moment: random.Random, figures: Figures) -> None:
    """Kill when a random share of the files is done, somewhere within the work on the next one."""
    todo = len(sounds_in(folder))
    target = moment.randrange(1, todo)
    worker = start_worker()
    while len(sounds_in(folder)) > target:
        time.sleep(0.002)
    time.sleep(moment.uniform(0, 0.06))
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    sounds = sounds_in(folder)
    figures.after_kill.append(len(sounds))
    figures.half_removed += len({n[:-5] for n in names_in(folder) if n.endswith(".json")} - sounds)


def sounds_in(folder: Path) -> set[str]:
    return {name[:-4] for name in names_in(folder) if name.endswith(".wav")}


def finish(folder: Path) -> float:
    """Start the worker and let it empty the folder; returns the seconds from its first file on."""
    before = len(names_in(folder))
    if not before:
        return 0.0
    worker, began = start_worker(), time.monotonic()
    first = None
    while left := len(names_in(folder)):
        if first is None and left < before:
            first = time.monotonic()
        if time.monotonic() - began > 120:
            break
        time.sleep(0.005)
    took = time.monotonic() - (first or began)
    worker.send_signal(signal.SIGTERM)
    if code := worker.wait(timeout=30):
        raise SystemExit(f"the worker did not end cleanly on SIGTERM: {code}")
    return took


def look_after_kill(figures: Figures) -> None:
    stored = vault().recordings
    figures.orphans += len(blobs() - rows())
    figures.temporaries += len(stored.stale_temporaries(-1))


def check(dropped: Dropped) -> list[str]:
    """What is wrong now, in words."""
    problems = [f"left in the folder: {name}" for name in names_in(from_environment().drop)]
    kept = dict(db.session.execute(select(Recording.source_id, Recording.sha256)).all())
    total = count(Recording)
    if kept != dropped.good or total != len(dropped.good):
        lost, doubled = len(dropped.good.keys() - kept.keys()), total - len(kept)
        problems.append(f"recordings: {lost} lost, {doubled} doubled, {total} rows")
    for model, expected in ((QuarantineItem, dropped.bad), (Tombstone, dropped.late)):
        if count(model) != expected:
            problems.append(f"{model.__tablename__}: {count(model)} instead of {expected}")
    reconcile(0, repair=True)
    if blobs() != rows():
        problems.append(f"files and rows differ: {len(blobs() ^ rows())}")
    if vault().recordings.stale_temporaries(-1):
        problems.append("temporary files left")
    problems += [f"{row.source_id}: other bytes" for row in newest() if heard(row) != row.sha256]
    if not verify().sound:
        problems.append("the log's chain is broken")
    db.session.rollback()
    return problems


def newest() -> list[Recording]:
    """Those of the last kill; the others were decrypted before."""
    return list(db.session.scalars(select(Recording).order_by(Recording.id.desc()).limit(200)))


def heard(row: Recording) -> str:
    with vault().recordings.open(row.delete_on, row.public_id) as reader:
        return hashlib.sha256(reader.readall()).hexdigest()


def count(model: type) -> int:
    with write() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def blobs() -> set[str]:
    stored = vault().recordings
    return {blob for day in stored.days() for blob in stored.blobs(day)}


def rows() -> set[str]:
    found = set(db.session.scalars(select(Recording.public_id)))
    found |= set(db.session.scalars(select(QuarantineItem.public_id)))
    db.session.rollback()
    return found


def report(figures: Figures, dropped: Dropped, kills: int) -> None:
    left = sorted(figures.after_kill)
    print(f"{kills} kills; files still to do at the kill: {left}")
    print(
        f"at the kills: {figures.half_removed} calls with the sound gone and the sidecar there, "
        f"{figures.orphans} encrypted files without a row, {figures.temporaries} unfinished"
    )
    print(
        f"{len(dropped.good)} recordings, {dropped.bad} in quarantine, {dropped.late} too late; "
        f"the longest restart took {max(figures.finish_s):.1f} s"
    )


if __name__ == "__main__":
    main()
