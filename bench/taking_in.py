"""Taking in against the least that taking in can be, in turn, on the same disk.

    python bench/taking_in.py [--calls 60] [--rounds 3] [--seconds 60] [--folder FOLDER]

The baseline reads a file, hashes it, encrypts it to an age key, writes and syncs it and its folder,
and commits one row a call. The portal's own run takes in the same sounds with their sidecars: it
also inspects the sound, finds the extension, writes legs and seals an event of the log. Target: at
most twice the time. Then a process of its own lays down ten calls of 1 MB a second for
`--seconds`, which `portal worker` takes in, while pages are asked for in this one: their 95th
percentile may at most double. What laying the files down alone costs the pages is measured too.
Exit 1 where either target is missed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import count
from pathlib import Path

import pyrage
from kill_intake import sidecar, start_worker
from pages import SMALL, Visitor
from volume.fill import make
from volume.sounds import noise

from figures import figure
from portal import create_app
from portal.config import Config, from_environment
from portal.extensions import db
from portal.recordings.intake import Intake

MEGABYTE_S = 31  # seconds of 8 kHz, 16 bit, two channels that make 1 MB
MOST, MOST_P95 = 2.0, 2.0
RECORD, _TURNS = "--record", 3


def lay_down(folder: Path, calls: int, prefix: str) -> list[Path]:
    """Sounds of 1 MB with their sidecars, last touched a while ago; no two are alike."""
    laid = []
    for number in range(calls):
        path = folder / f"{prefix}-{number:05d}.wav"
        path.write_bytes(noise(MEGABYTE_S, seed=number))
        path.with_suffix(".json").write_bytes(sidecar(path.stem, 1))
        for part in (path, path.with_suffix(".json")):
            os.utime(part, (time.time() - 60, time.time() - 60))
        laid.append(path)
    return laid


def baseline(folder: Path, sounds: list[Path]) -> tuple[float, float]:
    """Wall and CPU seconds of the plain loop over copies of the sounds."""
    target = folder / "baseline"
    target.mkdir()
    recipient = pyrage.x25519.Identity.generate().to_public()
    rows = sqlite3.connect(folder / "baseline.db", isolation_level=None)
    rows.execute("PRAGMA journal_mode = WAL")
    rows.execute("PRAGMA synchronous = FULL")
    rows.execute("CREATE TABLE IF NOT EXISTS call (name TEXT, sha256 TEXT)")
    started, cpu = time.perf_counter(), time.process_time()
    for sound in sounds:
        content = sound.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        with (target / sound.name).open("wb") as file:
            file.write(pyrage.encrypt(content, [recipient]))
            file.flush()
            os.fsync(file.fileno())
        entry = os.open(target, os.O_RDONLY)
        os.fsync(entry)
        os.close(entry)
        rows.execute("INSERT INTO call VALUES (?, ?)", (sound.name, digest))
    took, cpu = time.perf_counter() - started, time.process_time() - cpu
    rows.close()
    shutil.rmtree(target)
    return took, cpu


def taken_in(config: Config, calls: int) -> tuple[float, float]:
    """Wall and CPU seconds of the portal's own round over what lies in its drop folder."""
    with create_app(config).app_context():
        started, cpu = time.perf_counter(), time.process_time()
        report = Intake().round()
        took, cpu = time.perf_counter() - started, time.process_time() - cpu
        db.engine.dispose()
    done = report.as_dict()
    if done["taken"] != calls:
        raise SystemExit(f"not all were taken in: {done}")
    return took, cpu


def compare(config: Config, calls: int, rounds: int) -> float:
    """The median of the ratios, portal to baseline, of `rounds` pairs."""
    ratios = []
    for number in range(rounds):
        sounds = lay_down(config.drop, calls, f"pair-{number}")
        plain, plain_cpu = baseline(config.data, sounds)
        time.sleep(1.5)  # until they are settled: nothing wrote to them for a second
        portal, cpu = taken_in(config, calls)
        ratios.append(portal / plain)
        print(
            f"{calls} calls of 1 MB: portal {portal:.2f} s ({portal / calls * 1000:.0f} ms a call,"
            f" {cpu / calls * 1000:.0f} of CPU), plain loop {plain:.2f} s"
            f" ({plain_cpu / calls * 1000:.0f} of CPU a call), ratio {ratios[-1]:.2f}"
        )
    return statistics.median(ratios)


def under_arrivals(config: Config, seconds: int) -> float:
    """How much the 95th percentile of pages grows while ten calls a second are taken in.

    Three times in turn, so that the machine's other work falls on both.
    """
    custodian = Visitor(create_app(config), "custodian")
    worker = start_worker()
    time.sleep(5)  # until it has done each of its tasks once
    _p95(custodian, 2)
    ratios = []
    for number in range(_TURNS):
        still = _p95(custodian, seconds / _TURNS)
        aside = config.data / f"aside-{number}"
        aside.mkdir()
        laid = _with_recorder(aside, custodian, seconds / _TURNS)
        busy = _with_recorder(config.drop, custodian, seconds / _TURNS)
        ratios.append(busy / still)
        print(
            f"p95 of pages while 10 calls of 1 MB a second arrive {busy * 1000:.1f} ms, while they"
            f" are only laid down {laid * 1000:.1f} ms, without {still * 1000:.1f} ms,"
            f" ratio {ratios[-1]:.2f}"
        )
        deadline = time.monotonic() + 60
        while any(config.drop.iterdir()) and time.monotonic() < deadline:
            time.sleep(0.1)
        if any(config.drop.iterdir()):
            raise SystemExit("the worker does not keep up")
    _end(worker)
    return statistics.median(ratios)


def _with_recorder(folder: Path, visitor: Visitor, seconds: float) -> float:
    recorder = start_recorder(folder)
    try:
        return _p95(visitor, seconds)
    finally:
        _end(recorder)


def start_recorder(folder: Path) -> subprocess.Popen[bytes]:
    """Another process that lays down ten calls a second until it is ended."""
    return subprocess.Popen([sys.executable, __file__, RECORD, str(folder)])


def record(folder: Path) -> None:
    """What that process does, at a steady pace."""
    content, run = noise(MEGABYTE_S, seed=1), time.time_ns()
    begun = time.monotonic()
    for number in count():
        time.sleep(max(0.0, begun + number / 10 - time.monotonic()))
        path = folder / f"live-{run}-{number:05d}.wav"
        path.write_bytes(content[:-8] + (run + number).to_bytes(8, "little"))
        path.with_suffix(".json").write_bytes(sidecar(path.stem, 1))


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait()


def _p95(visitor: Visitor, seconds: float) -> float:
    times, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        started = time.perf_counter()
        answer = visitor.client.get("/intake")
        times.append(time.perf_counter() - started)
        if answer.status_code != 200:
            raise SystemExit(f"/intake: {answer.status}")
        time.sleep(0.02)
    return statistics.quantiles(times, n=20)[-1]


def main() -> None:
    if sys.argv[1:2] == [RECORD]:
        return record(Path(sys.argv[2]))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--folder", type=Path, help="on the disk that is to be measured")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="taking-in-", dir=wanted.folder) as folder:
        os.environ["PORTAL_DATA"] = f"{folder}/portal"  # the worker's too
        config = from_environment()
        make(config.data, None, SMALL)
        ratio = compare(config, wanted.calls, wanted.rounds)
        growth = under_arrivals(config, wanted.seconds)
    met = figure("taking in, of the plain loop", ratio, MOST)
    met &= figure("pages' p95 while 10 calls a second arrive", growth, MOST_P95)
    sys.exit(not met)


if __name__ == "__main__":
    main()
