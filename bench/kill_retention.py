"""kill -9 of the purge while it destroys 200 files, 20 times at random moments.

    .venv/bin/python bench/kill_retention.py [--rounds 20] [--files 200] [--seed 1]

Each round has its own data folder (SQLite) with a day that is past and one that is not. The purge
is killed once, just before a step drawn at random among all of them (each touch of the disk, each
statement, each commit): wall-clock moments would mostly fall outside the short stretch in which
the files go. The state it left is noted and the next run is let through; then nothing of the past
day may be left and nothing of the other one lost. Prints a line a round and a JSON summary; exit 1
where something was left, lost or doubled.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

from flask import Flask
from sqlalchemy import event, func, select

from portal import clock, create_app, schema
from portal.audit.verify import verify
from portal.config import Config
from portal.database import write
from portal.extensions import db
from portal.ids import public_id
from portal.recordings.models import Recording
from portal.retention import purge, rows
from portal.retention.models import Tombstone
from portal.retention.reconcile import reconcile
from portal.runtime import vault
from portal.vault.master import MasterKey

SOUND = bytes(range(256)) * 64  # 16 KiB
KEPT = 20
TOUCHES = {"open", "os.link", "os.rename", "os.remove", "os.mkdir", "os.rmdir"}
BATCH = 20  # rows a transaction here, so that kills also fall between two


def application(folder: Path) -> Flask:
    return create_app(
        Config(folder, f"sqlite:///{folder / 'portal.db'}", folder / "keys/master.key")
    )


def make_installation(folder: Path, files: int) -> None:
    """An installation with `files` recordings that are past their day and `KEPT` that are not."""
    (folder / "keys").mkdir()
    MasterKey.create(folder / "keys/master.key")
    with application(folder).app_context():
        schema.upgrade()
        for day, number in ((clock.today(), files), (clock.today() + timedelta(days=9), KEPT)):
            made = [recording(day, f"{day}-{n}") for n in range(number)]
            with write() as session:
                session.add_all(made)
        db.session.remove()
        db.engine.dispose()


def recording(day: date, source_id: str) -> Recording:
    blob = public_id()
    stored = vault().recordings.put(day, blob, BytesIO(SOUND + blob.encode()))
    return Recording(
        public_id=blob,
        source="bench",
        source_id=source_id,
        called_at=clock.midnight(day) - timedelta(days=31),
        caller_number="01012345678",
        callee_number="0316441234",
        caller_reversed="87654321010",
        callee_reversed="4321446130",
        direction="inbound",
        container="wav",
        codec="pcm_s16",
        channels=1,
        sample_rate=8000,
        frames=8192,
        duration_ms=1024,
        media_type="audio/wav",
        plays_in_browser=True,
        size=stored.size,
        sha256=stored.sha256,
        delete_on=day,
    )


def run_purge(folder: Path, kill_at: int) -> None:
    """The child: counts the steps of the purge; killed with SIGKILL before step `kill_at`."""
    rows.BATCH = BATCH
    steps, counting = 0, False

    def step(*_: object) -> None:
        nonlocal steps
        if counting:
            steps += 1
            if steps == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    with application(folder).app_context():
        event.listen(db.engine, "before_cursor_execute", step)
        event.listen(db.engine, "commit", step)
        sys.addaudithook(lambda name, _: step() if name in TOUCHES else None)
        db.session.connection()
        counting = True
        purge.run()
        counting = False
        print(steps)


def purge_in_a_child(folder: Path, kill_at: int = 0) -> int | None:
    """How many steps it took, or None where it was killed."""
    command = [sys.executable, __file__, "--child", str(folder), "--kill-at", str(kill_at)]
    child = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if child.returncode == -signal.SIGKILL:
        return None
    child.check_returncode()
    return int(child.stdout)


def steps_of_a_whole_run(template: Path) -> int:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(shutil.copytree(template, Path(folder) / "data"))
        return purge_in_a_child(data) or 0


@dataclass(frozen=True)
class State:
    """What is there of the past day and of the other one."""

    key: bool
    files: int
    living_rows: int
    buried: int
    buried_twice: int
    kept_rows: int
    kept_readable: int
    differences: int
    log_sound: bool

    @property
    def phase(self) -> str:
        if self.key:
            return "before the key"
        if self.files:
            return "among the files"
        return "among the rows" if self.living_rows else "after the rows"


def look(folder: Path) -> State:
    with application(folder).app_context():
        today = clock.today()
        past = select(func.count()).where(Recording.delete_on == today)
        stones = db.session.scalars(select(Tombstone.hashes)).all()
        buried = Counter(h[i : i + 32] for h in stones for i in range(0, len(h), 32))
        kept = db.session.scalars(select(Recording).where(Recording.delete_on > today)).all()
        state = State(
            key=today in vault().day_keys.days(),
            files=len(vault().recordings.blobs(today)),
            living_rows=db.session.scalar(past) or 0,
            buried=len(buried),
            buried_twice=sum(number > 1 for number in buried.values()),
            kept_rows=len(kept),
            kept_readable=sum(readable(row) for row in kept),
            differences=len(reconcile(0)),
            log_sound=verify().sound,
        )
        db.session.remove()
        db.engine.dispose()
    return state


def readable(row: Recording) -> bool:
    with vault().recordings.open(row.delete_on, row.public_id) as sound:
        return sound.readall() == SOUND + row.public_id.encode()


def one_round(template: Path, kill_at: int, files: int) -> tuple[str, bool]:
    """Kill once, let the next run through; the phase of the kill, and whether all is well."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(shutil.copytree(template, Path(folder) / "data"))
        killed = purge_in_a_child(data, kill_at) is None
        left = look(data)
        whole = left.living_rows + left.buried == files and not left.buried_twice
        finished = purge_in_a_child(data) is not None
        end = look(data)
    expected = State(False, 0, 0, files, 0, KEPT, KEPT, 0, True)
    well = killed and whole and finished and end == expected
    print(
        f"killed before step {kill_at:4} {left.phase:15} files {left.files:3} "
        f"rows {left.living_rows:3} buried {left.buried:3} → {'all well' if well else end}"
    )
    return left.phase, well


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--kill-at", type=int, default=0, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        run_purge(asked.child, asked.kill_at)
        return 0
    moments = random.Random(asked.seed)
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder)
        make_installation(template, asked.files)
        steps = steps_of_a_whole_run(template)
        outcomes = [
            one_round(template, moments.randint(1, steps), asked.files) for _ in range(asked.rounds)
        ]
    bad = sum(not well for _phase, well in outcomes)
    phases = dict(Counter(phase for phase, _well in outcomes))
    figures = {"rounds": asked.rounds, "files": asked.files, "seed": asked.seed}
    print(json.dumps({**figures, "steps": steps, "killed": phases, "bad": bad}))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
