"""One round of taking in: everything that lies in the drop folder, each file on its own."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from portal.audit.clock_check import require_sane_clock
from portal.extensions import db
from portal.recordings.delivery import Changed, Outcome
from portal.recordings.importer import take_in
from portal.recordings.sources.drop_folder import Arrival, scan
from portal.runtime import config, settings
from portal.traces import place

_FIRST_DELAY_S = 4
_LONGEST_DELAY_S = 60
_log = structlog.get_logger()


@dataclass
class Report:
    """How many deliveries ended how. `failed`: something unexpected, tried again later.

    `unfinished`: the round was ended before it came to all of them.
    """

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    failed: int = 0
    unfinished: bool = False

    def as_dict(self) -> dict[str, int]:
        return {**{o.value: self.outcomes[o] for o in Outcome}, "failed": self.failed}


class Intake:
    """Rounds over the drop folder; remembers, per file, when to try again after a failure."""

    def __init__(self, tick: Callable[[], float] = time.monotonic) -> None:
        self._tick = tick
        #: Key of the arrival → (failures so far, the tick before which it rests).
        self._resting: dict[str, tuple[int, float]] = {}

    def round(self, budget_s: float | None = None, stop: Callable[[], bool] = bool) -> Report:
        """Take in what is there, for `budget_s` seconds at most, or until `stop()`.

        One file's failure is logged and does not hold up the others. A database that cannot be
        reached ends the round: it would fail for every file. Raises `ClockBehind`.
        """
        require_sane_clock()
        report, began = Report(), self._tick()
        arrivals = scan(config().drop)
        self._resting = {a.key: self._resting[a.key] for a in arrivals if a.key in self._resting}
        for arrival in arrivals:
            if stop() or (budget_s is not None and self._tick() - began > budget_s):
                report.unfinished = True
                break
            self._take(arrival, report)
        return report

    def _take(self, arrival: Arrival, report: Report) -> None:
        failures, until = self._resting.get(arrival.key, (0, 0.0))
        if failures and self._tick() < until:
            report.failed += 1
            return
        try:
            report.outcomes[_take_in(arrival)] += 1
            self._resting.pop(arrival.key, None)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            report.failed += 1
            delay = min(_LONGEST_DELAY_S, _FIRST_DELAY_S * 2 ** min(failures, 10))
            self._resting[arrival.key] = (failures + 1, self._tick() + delay)
            # No message and no name: both can hold a telephone number.
            _log.error(
                "intake.failed",
                file=_opaque(arrival.key),
                type=type(error).__name__,
                failures=failures + 1,
                retry_in_s=delay,
                at=place(error),
            )
        finally:
            db.session.rollback()


def _take_in(arrival: Arrival) -> Outcome:
    if not arrival.is_settled:
        return Outcome.WAITING
    try:
        with arrival.open(timedelta(minutes=settings().intake.sound_waits_minutes)) as delivery:
            return take_in(delivery)
    except Changed:
        return Outcome.WAITING


def _opaque(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:12]
