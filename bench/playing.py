"""Listening to a call of sixty minutes: single ranges, and fifty listeners at once.

    python bench/playing.py [--ranges 40] [--listeners 50] [--seconds 40] [--folder FOLDER]

A range of 1 MiB anywhere in the call against the same range of a plain file (`ranges.py`): its
first byte within three times of that range sent whole. Then gunicorn serves fifty listeners who
each ask for a range every eight seconds (four times as fast as the sound runs): a page's 95th
percentile may at most double, a stream may take 4 MB at most. Exit 1 where a target is missed.
"""

from __future__ import annotations

import argparse
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import timedelta
from http.cookiejar import CookieJar
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

from flask import Flask
from pages import SMALL, Visitor, token_in
from ranges import PLAIN_FILE, compare, in_process, over
from sqlalchemy import select
from volume.fill import make
from volume.sounds import noise

from figures import figure
from portal import clock
from portal.accounts.models import Account, LoginSession
from portal.applications.models import Application, ApplicationRecording
from portal.cli.serve import web_command
from portal.config import Config, from_environment
from portal.database import write
from portal.demo.access import PASSWORD
from portal.handover.models import HandoverReceipt
from portal.ids import public_id
from portal.playback.models import ListeningSession
from portal.recordings.models import Recording
from portal.runtime import vault

MIB, HOUR_S = 1024 * 1024, 3600
MOST_FIRST, MOST_P95, MOST_MB = 3.0, 2.0, 4.0


def hand_over(app: Flask, sound: bytes) -> tuple[int, str]:
    """An application of the employee's, handed over with one long call: its id, the call's."""
    with app.app_context():
        blob, day = public_id(), clock.today() + timedelta(days=20)
        stored = vault().recordings.put(day, blob, BytesIO(sound))
        closed = select(Application).join(HandoverReceipt).where(Application.state == "closed")
        with write() as session:
            old = session.scalars(select(Recording).limit(1)).one()
            values = {c.key: getattr(old, c.key) for c in Recording.__table__.columns}
            values |= {"public_id": blob, "source_id": blob, "delete_on": day}
            values |= {"size": stored.size, "sha256": stored.sha256, "duration_ms": HOUR_S * 1000}
            del values["id"]
            row = Recording(**values)
            session.add(row)
            application = session.scalars(closed.limit(1)).one()
            application.applicant_id, application.state = 1, "handed_over"
            application.disclosure_type = "inspection"
            receipt = session.scalars(
                select(HandoverReceipt).where(HandoverReceipt.application_id == application.id)
            ).one()
            receipt.window_until = clock.now() + timedelta(days=5)
            session.flush()
            session.add(
                ApplicationRecording(
                    application_id=application.id, recording_id=row.id, position=2, matched_by_id=2
                )
            )
        return application.id, blob


def listen(app: Flask, application_id: int) -> str:
    """A listening session in the employee's newest login; its public id."""
    with app.app_context(), write() as session:
        mine = select(LoginSession).join(Account).where(Account.login == "employee")
        login = session.scalars(mine.order_by(LoginSession.id.desc()).limit(1)).one()
        now = clock.now()
        row = ListeningSession(
            application_id=application_id,
            account_id=login.account_id,
            login_session_id=login.id,
            purpose="민원 처리 내용 확인",
            origin="127.0.0.1",
            opened_at=now,
            expires_at=now + timedelta(hours=1),
            active_at=now,
        )
        session.add(row)
        session.flush()
        return str(row.public_id)


class Served:
    """gunicorn as `portal serve` starts it, and how much memory its processes hold."""

    def __init__(self, config: Config, more: dict[str, str] | None = None) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        environment = {**os.environ, "PORTAL_DATA": str(config.data), **(more or {})}
        self._process = subprocess.Popen(self.command(), env=environment)
        for _ in range(300):
            time.sleep(0.1)
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
        raise SystemExit("gunicorn did not come up")

    def command(self) -> list[str]:
        """The command line; another application's, for who compares."""
        return [sys.executable, "-m", "portal.cli", "serve", "--port", str(self.port)]

    @property
    def pid(self) -> int:
        return self._process.pid

    def memory_mb(self) -> float:
        """Resident memory of all of its processes, what they share counted once (PSS)."""
        return sum(_pss_kb(pid) for pid in _family(self._process.pid)) / 1024

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()


def _family(pid: int) -> list[int]:
    """A process and all below it; a child is listed under the thread that started it."""
    lists = (task.read_text().split() for task in Path(f"/proc/{pid}/task").glob("*/children"))
    children = [int(child) for listed in lists for child in listed]
    return [pid, *(one for child in children for one in _family(child))]


def _pss_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("Pss:")))


class Plain(Served):
    """The route that sends a plain file, under the same gunicorn."""

    def command(self) -> list[str]:
        command = web_command("127.0.0.1", self.port, 2, 8)
        command[command.index("portal:served()")] = "ranges:plain()"
        return [*command, "--pythonpath", str(Path(__file__).parent)]


def logged_in(address: str, login: str) -> OpenerDirector:
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    token = token_in(opener.open(f"{address}/login").read().decode())
    values = {"csrf_token": token, "login": login, "password": PASSWORD}
    opener.open(Request(f"{address}/login", urlencode(values).encode()))  # noqa: S310
    return opener


def many(
    app: Flask, config: Config, application: int, blob: str, wanted: argparse.Namespace
) -> bool:
    """Whether pages and memory stay within the targets while all of them listen."""
    served = Served(config)
    try:
        reader = logged_in(served.address, "custodian")
        listener = logged_in(served.address, "employee")
        still, before = _p95(reader, served.address, wanted.seconds // 2), served.memory_mb()
        stopping, refused = threading.Event(), [0]
        sessions = [listen(app, application) for _ in range(wanted.listeners)]
        threads = [
            threading.Thread(target=_play, args=(listener, served, one, blob, stopping, refused))
            for one in sessions
        ]
        for thread in threads:
            thread.start()
        busy = _p95(reader, served.address, wanted.seconds)
        held = (served.memory_mb() - before) / wanted.listeners
        stopping.set()
        for thread in threads:
            thread.join()
        still = (still + _p95(reader, served.address, wanted.seconds // 2)) / 2
    finally:
        served.stop()
    print(
        f"{wanted.listeners} listeners: a page's p95 {busy * 1000:.1f} ms, without"
        f" {still * 1000:.1f} ms, ratio {busy / still:.2f}; {held:.2f} MB a stream;"
        f" ranges refused: {refused[0]}"
    )
    met = figure(f"pages' p95 with {wanted.listeners} listeners", busy / still, MOST_P95)
    return met & figure("memory of a stream", held, MOST_MB, "MB") and not refused[0]


def _play(
    opener: OpenerDirector,
    served: Served,
    session: str,
    blob: str,
    stopping: threading.Event,
    refused: list[int],
) -> None:
    """One listener: the next MiB every eight seconds, from a place of their own."""
    dice = random.Random(session)
    first = dice.randrange(40) * MIB
    stopping.wait(dice.random() * 8)
    while not stopping.is_set():
        url = f"{served.address}/listening/sessions/{session}/recordings/{blob}/sound"
        request = Request(url, headers={"Range": f"bytes={first}-{first + MIB - 1}"})  # noqa: S310
        try:
            refused[0] += len(opener.open(request).read()) != MIB
        except OSError:
            refused[0] += 1
        first += MIB
        stopping.wait(8)


def _p95(opener: OpenerDirector, address: str, seconds: float) -> float:
    times, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        started = time.perf_counter()
        opener.open(f"{address}/intake").read()
        times.append(time.perf_counter() - started)
        time.sleep(0.05)
    return statistics.quantiles(times, n=20)[-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ranges", type=int, default=40)
    parser.add_argument("--listeners", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=40)
    parser.add_argument("--folder", type=Path, help="on the disk that is to be measured")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="playing-", dir=wanted.folder) as folder:
        config = from_environment({"PORTAL_DATA": f"{folder}/portal"})
        app = make(config.data, None, SMALL)
        sound = noise(HOUR_S, seed=1)
        application, blob = hand_over(app, sound)
        visitor = Visitor(app, "employee")
        session = listen(app, application)
        path = f"/listening/sessions/{session}/recordings/{blob}/sound"
        plain = Path(folder) / "plain.wav"
        plain.write_bytes(sound)
        cookie = f"portal={visitor.client.get_cookie('portal').value}"
        in_process(app, path, cookie, plain, sound, wanted.ranges)
        served = Served(config), Plain(config, {PLAIN_FILE: str(plain)})
        try:
            sides = over(served[0].port, path, cookie), over(served[1].port, "/sound", "")
            of_sent = compare("served by gunicorn", *sides, sound, wanted.ranges)
        finally:
            for one in served:
                one.stop()
        met = figure("first byte of 1 MiB, of the plain range sent", of_sent, MOST_FIRST)
        met &= many(app, config, application, blob, wanted)
    sys.exit(not met)


if __name__ == "__main__":
    main()
