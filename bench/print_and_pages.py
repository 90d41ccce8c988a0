"""A year's ledger printed and exported by the worker's child, and the pages meanwhile.

    python bench/print_and_pages.py [--rows 10000] [--keep FOLDER]   (a kept folder is used again)

One run on one machine, as ratios: how long a page takes while the print is made against before and
after it (the target: at most twice), and seconds for all rows against a tenth of them (linear: at
most about ten times). Exit 1 where a target is missed.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from pages import Visitor, timed
from sqlalchemy import func, select
from volume.fill import Volume, make

from figures import figure
from portal import audit, clock, create_app
from portal.accounts.models import Account
from portal.config import from_environment
from portal.database import write
from portal.extensions import db
from portal.jobs.models import Job
from portal.ledger import search
from portal.ledger.export import export_rows
from portal.ledger.models import LedgerRow
from portal.ledger.paper import print_rows
from portal.prints.ask import Kind, Wish, ask
from portal.prints.start import Prints

ROWS_A_YEAR = 10_000  # at full volume
MOST_OF_USUAL = 2.0
MOST_OF_LINEAR = 1.3
_PAGES = ("/ledger", "/intake", "/prints")
_AT_REST = 12  # rounds over the pages before, and after


@dataclass
class Times:
    """Seconds of each page, at rest and while something is made."""

    rest: dict[str, list[float]] = field(default_factory=lambda: {p: [] for p in _PAGES})
    busy: dict[str, list[float]] = field(default_factory=lambda: {p: [] for p in _PAGES})

    def ratio(self, path: str) -> float:
        return statistics.median(self.busy[path]) / statistics.median(self.rest[path])


def ask_pages(client: FlaskClient, into: dict[str, list[float]]) -> None:
    for path in _PAGES:
        into[path].append(timed(client, path))


def fullest_year() -> tuple[int, int]:
    counted = select(LedgerRow.year, func.count()).group_by(LedgerRow.year)
    year, rows = max(db.session.execute(counted), key=lambda found: found[1])
    return year, rows


def make_one(app: Flask, client: FlaskClient, kind: Kind, year: int, times: Times) -> float:
    """Seconds from the claim to the end of the child; pages are asked for without a pause."""
    with app.app_context():
        asker = db.session.scalars(select(Account).where(Account.login == "custodian")).one()
        with write():
            job_id = ask(kind, Wish(year=year, reason="bench"), by=asker).id
        prints, started = Prints(), time.perf_counter()
        prints.turn()
        while prints.is_busy:
            ask_pages(client, times.busy)
        took = time.perf_counter() - started
        prints.turn()
        db.session.rollback()
        job = db.session.get_one(Job, job_id)
        if job.state != "done":
            raise SystemExit(f"{kind}: {job.state} {job.error}")
    return took


def linear(app: Flask, year: int, made: Callable[[Sequence[LedgerRow]], bytes]) -> float:
    """CPU seconds a row for all of them over those for a tenth, made in this process."""
    with app.app_context():
        rows = search.rows_of_year(year)
        made(rows[:10])  # what is loaded and compiled once is
        seconds = []
        for some in (rows[: len(rows) // 10], rows):
            started = time.process_time()
            made(some)
            seconds.append(time.process_time() - started)
    tenth, whole = seconds
    ratio = (whole / len(rows)) / (tenth / (len(rows) // 10))
    print(f"{len(rows):,} rows {whole:.1f} s CPU, a tenth {tenth:.1f} s: {ratio:.2f}x a row")
    return ratio


def run(app: Flask) -> bool:
    """Print the figures; whether every target was met."""
    audit.origin.set("bench")
    visitor, times = Visitor(app, "custodian"), Times()
    with app.app_context():
        year, rows = fullest_year()
    for _ in range(_AT_REST):
        ask_pages(visitor.client, times.rest)
    print(f"{rows:,} rows of {year}")
    kinds: tuple[Kind, ...] = ("ledger_print", "ledger_export")
    for kind in kinds:
        print(f"{kind}: {make_one(app, visitor.client, kind, year, times):.1f} s in the child")
    for _ in range(_AT_REST):
        ask_pages(visitor.client, times.rest)
    met = True
    for path in _PAGES:
        ratio = times.ratio(path)
        met &= figure(f"{path} while a year is printed", ratio, MOST_OF_USUAL)
        rest, busy = (statistics.median(found[path]) for found in (times.rest, times.busy))
        print(f"{path}: {busy * 1000:.1f} ms meanwhile, {rest * 1000:.1f} ms at rest, {ratio:.2f}x")
    printed = linear(app, year, lambda rows: print_rows(rows, f"{year}년"))
    met &= figure("a printed row, of one in a tenth", printed, MOST_OF_LINEAR)
    now = clock.now()
    exported = linear(app, year, lambda rows: export_rows(rows, year, made_at=now, unmasked=False))
    return met & figure("an exported row, of one in a tenth", exported, MOST_OF_LINEAR)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS_A_YEAR)
    parser.add_argument("--keep", type=Path)
    wanted = parser.parse_args()
    share = wanted.rows / ROWS_A_YEAR
    volume = Volume(
        people=3_000, recordings=int(100_000 * share), applications=int(120_500 * share),
        open_ones=max(int(500 * share), 60), events=1_000,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as made:
        folder = wanted.keep or Path(made) / "data"
        filled = (folder / "portal.db").exists()
        config = from_environment({"PORTAL_DATA": str(folder)})
        app = create_app(config) if filled else make(folder, None, volume)
        return 0 if run(app) else 1


if __name__ == "__main__":
    sys.exit(main())
