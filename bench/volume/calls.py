"""Calls of the days that are kept, in working hours; and older ones that were asked for."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from volume.sink import Sink, Value, stamp
from volume.town import Town

from portal import clock
from portal.ids import public_id

RECORDING = (
    "id", "public_id", "source", "source_id", "called_at", "caller_number", "callee_number",
    "caller_reversed", "callee_reversed", "direction", "container", "codec", "channels",
    "sample_rate", "frames", "duration_ms", "media_type", "plays_in_browser", "channel_owners",
    "size", "sha256", "arrived_at", "delete_on", "destroyed_at", "prior_notice",
)  # fmt: skip
LEG = ("id", "recording_id", "number", "extension_id", "from_at", "until_at")


def called_at(n: int, count: int, days: int, dice: random.Random) -> datetime:
    """The n-th of `count` calls, the oldest first, between 8 and 19 o'clock."""
    day = clock.midnight(clock.today()) - timedelta(days=days - 1 - n * days // count)
    moment = day + timedelta(hours=8, seconds=dice.randrange(11 * 3600))
    return min(moment, clock.now() - timedelta(minutes=1))


def put_calls(sink: Sink, town: Town, count: int, kept_days: int, dice: random.Random) -> None:
    """`count` living recordings, ids from 1, each with one leg on somebody's line."""
    legs: list[tuple[Value, ...]] = []

    def recordings() -> Iterator[tuple[Value, ...]]:
        for n in range(count):
            moment = called_at(n, count, kept_days, dice)
            citizen, person = f"010{dice.randrange(10**8):08d}", dice.randrange(len(town.lines))
            line, at = town.lines[person], stamp(moment)
            inbound = dice.random() < 0.7
            caller, callee = (citizen, line) if inbound else (line, citizen)
            length = dice.randrange(20_000, 600_000)
            until = stamp(moment + timedelta(milliseconds=length))
            legs.append((n + 1, n + 1, line, person + 1, at, until))
            delete_on = clock.seoul(moment).date() + timedelta(days=kept_days + 1)
            yield _row(n + 1, at, (caller, callee), inbound, length, str(delete_on), None)

    sink.put("recording", RECORDING, recordings())
    sink.put("call_leg", LEG, iter(legs))


def put_reduced(sink: Sink, first_id: int, moments: list[datetime], kept_days: int) -> None:
    """What stays of recordings that an application names, after their destruction."""

    def rows() -> Iterator[tuple[Value, ...]]:
        for n, moment in enumerate(moments):
            delete_on = clock.seoul(moment).date() + timedelta(days=kept_days + 1)
            gone, at = stamp(clock.midnight(delete_on)), stamp(moment)
            yield _row(first_id + n, at, (None, None), True, 60_000, str(delete_on), gone)

    sink.put("recording", RECORDING, rows())


def _row(
    n: int,
    at: str,
    numbers: tuple[str | None, str | None],
    inbound: bool,
    length: int,
    delete_on: str,
    gone: str | None,
) -> tuple[Value, ...]:
    caller, callee = numbers
    public = public_id()
    return (
        n, public, "pbx", f"call-{n}" if not gone else public, at, caller, callee,
        caller and caller[::-1], callee and callee[::-1], "inbound" if inbound else "outbound",
        "WAV", "PCM_16", 2, 8000, length * 8, length, "audio/wav", 1,
        "caller,callee", length * 32, f"{n:064x}", at, delete_on, gone, _notice(n),
    )  # fmt: skip


def _notice(n: int) -> str:
    """Of a thousand calls three without notice and 140 of which nothing is known."""
    return "none" if n % 331 == 0 else "unknown" if n % 7 == 0 else "announcement"
