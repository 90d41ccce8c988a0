"""A clock that jumped forward must not destroy what still has to live.

The machine's wall clock is compared with a clock that nobody sets: how long it has been up. As long
as it has not restarted, both must move alike. Across a restart nothing tells how long the power was
off: there the clock is given time to be put right by the network's (a machine or a restored image
that wakes with a wrong time is corrected within minutes), and a gap that no outage explains is
refused for good. The mark `<data>/clock-mark.<machine>` is
renewed by every run that passes. What may still be heard is not decided here: playback follows the
wall clock at once, so a wait costs nobody's right (decision 0014).
"""

from __future__ import annotations

import json
import secrets
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from portal.runtime import config

#: How far the two clocks may drift apart between two runs, before the wall clock has jumped.
DRIFT = timedelta(hours=1)
#: The longest time a server is off without anybody there: longer than any run of holidays.
LONGEST_OUTAGE = timedelta(days=14)
#: How long a machine must be up after an outage before its clock is believed.
SETTLES = timedelta(minutes=15)
_RENEW_S = 60
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class ClockAhead(RuntimeError):
    """The wall clock is far ahead of where it can be; `since` is when it was last plausible."""

    def __init__(self, since: datetime) -> None:
        super().__init__()
        self.since = since

    def __str__(self) -> str:
        return (
            f"서버의 시계가 {self.since:%Y-%m-%d %H:%M} UTC 이후 갑자기 앞으로 갔거나 오래 꺼져 "
            "있었습니다. 반입과 자동 삭제를 멈추었습니다. 지금 시각이 맞으면 'portal clock "
            "confirm'을 실행하고, 틀리면 시계를 먼저 맞추십시오."
        )


class ClockSettling(ClockAhead):
    """The machine has just started after an outage: its clock may still be put right."""

    def __str__(self) -> str:
        return (
            f"서버가 꺼져 있다가({self.since:%Y-%m-%d %H:%M} UTC부터) 방금 다시 켜졌습니다. 시계가 "
            f"맞추어지도록 켜진 뒤 {SETTLES.seconds // 60}분 동안 반입과 자동 삭제를 미룹니다. 그 "
            "뒤 저절로 이어지며, 시각이 맞으면 'portal clock confirm'으로 바로 시작할 수 있습니다."
        )


@dataclass(frozen=True)
class Reading:
    """Both clocks at one moment: `wall` in seconds since 1970, `up` since the machine's start."""

    wall: float
    up: float
    boot_id: str


def _read() -> Reading:
    boottime = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # counts sleep too
    try:
        boot_id = _BOOT_ID.read_text().strip()
    except OSError:
        boot_id = ""  # not Linux: only the gap is looked at
    return Reading(time.time(), time.clock_gettime(boottime), boot_id)


#: Where readings come from; tests set it.
source: Callable[[], Reading] = _read


def require_plausible() -> None:
    """Compare with the mark and renew it. Raises `ClockAhead`, and the mark stays then."""
    mark, now = _marked(), source()
    if mark and _has_jumped(mark, now):
        raise ClockAhead(datetime.fromtimestamp(mark.wall, UTC))
    if mark and _may_be_put_right(mark, now):
        raise ClockSettling(datetime.fromtimestamp(mark.wall, UTC))
    if mark is None or mark.boot_id != now.boot_id or now.wall - mark.wall > _RENEW_S:
        _keep(now)


def confirm() -> Reading | None:
    """Somebody looked at the time and says that it is right; returns the mark before."""
    mark = _marked()
    _keep(source())
    return mark


def _has_jumped(mark: Reading, now: Reading) -> bool:
    passed = timedelta(seconds=now.wall - mark.wall)
    if mark.boot_id and mark.boot_id == now.boot_id:
        return passed - timedelta(seconds=now.up - mark.up) > DRIFT
    return passed > LONGEST_OUTAGE


def _may_be_put_right(mark: Reading, now: Reading) -> bool:
    """Just up again, and the clock says that more time passed than a restart takes."""
    is_another_start = bool(mark.boot_id) and mark.boot_id != now.boot_id
    passed = timedelta(seconds=now.wall - mark.wall)
    return is_another_start and passed > DRIFT and now.up < SETTLES.total_seconds()


def _path() -> Path:
    return config().data / f"clock-mark.{socket.gethostname()[:40]}"


def _marked() -> Reading | None:
    try:
        return Reading(**json.loads(_path().read_text()))
    except (OSError, ValueError, TypeError):
        return None  # none yet, or half of one after a power cut


def _keep(reading: Reading) -> None:
    path = _path()
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    with suppress(OSError):  # a full disk: the next run tries again
        temporary.write_text(json.dumps(asdict(reading)))
        temporary.replace(path)
