"""A clock that jumps forward destroys nothing; an outage delays nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from portal import clock, clock_mark
from portal.clock_mark import SETTLES, ClockAhead, ClockSettling, Reading
from portal.recordings.intake import Intake
from portal.recordings.models import Recording
from portal.retention import purge
from retention import days

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HOUR = 3600.0
DAY = 24 * HOUR


@pytest.fixture
def at(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Reading:
    """Where the machine's clocks stand when the first run passed."""
    first = Reading(wall=1_700_000_000.0, up=1000.0, boot_id="one")
    monkeypatch.setattr(clock_mark, "source", lambda: first)
    clock_mark.require_plausible()
    return first


def move(monkeypatch: pytest.MonkeyPatch, to: Reading) -> None:
    monkeypatch.setattr(clock_mark, "source", lambda: to)


@pytest.mark.parametrize("passed", [30.0, HOUR, 9 * DAY, 400 * DAY])
def test_time_that_passes_on_both_clocks_is_plausible(
    at: Reading, monkeypatch: pytest.MonkeyPatch, passed: float
) -> None:
    move(monkeypatch, replace(at, wall=at.wall + passed, up=at.up + passed))

    clock_mark.require_plausible()


@pytest.mark.parametrize("off", [HOUR, DAY, 5 * DAY, 13 * DAY])
def test_a_server_that_was_off_over_the_holidays_deletes_as_soon_as_its_clock_has_settled(
    at: Reading, monkeypatch: pytest.MonkeyPatch, off: float
) -> None:
    settled = SETTLES.total_seconds()
    move(monkeypatch, Reading(at.wall + off + 60, 60.0, "two"))
    with pytest.raises(ClockSettling, match="저절로 이어지며"):
        clock_mark.require_plausible()

    move(monkeypatch, Reading(at.wall + off + settled, settled, "two"))

    clock_mark.require_plausible()


def test_a_restart_of_minutes_delays_nothing(at: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    move(monkeypatch, Reading(at.wall + 0.9 * HOUR, 20.0, "two"))

    clock_mark.require_plausible()


def test_a_clock_that_is_wrong_after_a_restart_and_then_put_right_destroyed_nothing(
    at: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Woken twelve days ahead; the network's clock sets it right after five minutes."""
    days.recording(days.today_and(10))
    move(monkeypatch, Reading(at.wall + 12 * DAY, 60.0, "two"))
    with clock.at(timedelta(days=12)):
        with pytest.raises(ClockSettling):
            purge.run()
        with pytest.raises(ClockSettling):
            Intake().round()

    move(monkeypatch, Reading(at.wall + 600, 360.0, "two"))

    assert purge.run().recordings == 0
    assert days.count(Recording) == 1


def test_what_is_not_noticed_a_clock_that_stays_a_fortnight_ahead_after_a_restart(
    at: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    """docs/security.md says so: nothing on the machine tells this from two weeks of holidays."""
    move(monkeypatch, Reading(at.wall + 13 * DAY, DAY, "two"))

    clock_mark.require_plausible()


@pytest.mark.parametrize("jump", [2 * HOUR, 9 * HOUR, 30 * DAY, 3650 * DAY])
def test_a_jump_while_the_machine_is_up_is_refused_until_somebody_confirms(
    at: Reading, monkeypatch: pytest.MonkeyPatch, jump: float
) -> None:
    move(monkeypatch, replace(at, wall=at.wall + jump + 30, up=at.up + 30))

    for _ in range(2):
        with pytest.raises(ClockAhead, match="portal clock confirm"):
            clock_mark.require_plausible()
    clock_mark.confirm()
    clock_mark.require_plausible()


def test_a_clock_put_right_again_needs_no_confirmation(
    at: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    move(monkeypatch, replace(at, wall=at.wall + 30 * DAY, up=at.up + 30))
    with pytest.raises(ClockAhead):
        clock_mark.require_plausible()

    move(monkeypatch, replace(at, wall=at.wall + 90, up=at.up + 90))

    clock_mark.require_plausible()


def test_a_start_years_later_is_refused(at: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    move(monkeypatch, Reading(at.wall + 365 * DAY, 20.0, "two"))

    with pytest.raises(ClockAhead):
        clock_mark.require_plausible()


def test_neither_deletion_nor_intake_follow_a_clock_that_jumped(
    at: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    days.recording(days.today_and(20))
    move(monkeypatch, replace(at, wall=at.wall + 30 * DAY, up=at.up + 30))

    with clock.at(timedelta(days=30)):
        with pytest.raises(ClockAhead):
            purge.run()
        with pytest.raises(ClockAhead):
            Intake().round()
    assert days.count(Recording) == 1

    clock_mark.confirm()
    with clock.at(timedelta(days=30)):
        assert purge.run().recordings == 1


def test_half_a_mark_is_no_mark(at: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    clock_mark._path().write_text('{"wall": 17')

    clock_mark.require_plausible()

    assert clock_mark._marked() == at
