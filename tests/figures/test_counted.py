"""Figures are live where counting is quick, and made ahead, with their time, where it is not."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask

import factories
from client import PageClient
from portal import clock
from portal.dashboard import recordings
from portal.database import write
from portal.extensions import db
from portal.figures import counted
from portal.figures.counted import FRESH, SLOW_MS, count_ahead, figure
from portal.figures.models import CountedFigure
from portal.figures.worker import FIGURES, count_figures
from portal.roles import Role


def keep(name: str, value: object, *, took_ms: int) -> None:
    with write() as session:
        row = CountedFigure(name=name, value=value, counted_at=clock.now(), took_ms=took_ms)
        session.merge(row)


def test_what_is_counted_quickly_is_counted_for_the_page(app: Flask) -> None:
    keep("dashboard.living", [], took_ms=SLOW_MS - 1)

    factories.recording()

    living = recordings.living()
    assert (living.recordings, living.counted_at) == (1, None)


def test_what_takes_long_is_shown_as_the_worker_counted_it(app: Flask) -> None:
    keep("slow", [1, 2], took_ms=SLOW_MS)

    shown = figure("slow", lambda: [3])

    assert shown.value == [1, 2]
    assert shown.counted_at is not None


def test_a_first_count_that_only_made_its_statement_does_not_tell(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = iter([0.0, 0.05, 1.0, 1.001])
    monkeypatch.setattr(counted, "perf_counter", lambda: next(seconds))

    count_ahead({"some": lambda: 1})

    assert db.session.get_one(CountedFigure, "some").took_ms == 1


def test_an_old_figure_is_not_shown(app: Flask) -> None:
    keep("slow", 1, took_ms=SLOW_MS)

    with clock.at(clock.now() + FRESH + timedelta(minutes=1)):
        assert figure("slow", lambda: 2).value == 2


def test_counting_ahead_replaces_what_stood(app: Flask) -> None:
    for value in (1, 2):
        count_ahead({"some": partial(int, value)})

    assert db.session.get_one(CountedFigure, "some").value == 2


def test_every_figure_survives_being_kept(app: Flask) -> None:
    factories.recording()
    count_figures()

    for name, count in FIGURES.items():
        kept = db.session.get_one(CountedFigure, name).value
        assert kept == json.loads(json.dumps(count()))


def test_pages_say_when_a_figure_was_counted(app: Flask, client: PageClient) -> None:
    client.log_in(factories.account(Role.DIVISION_HEAD))
    pages = ("/dashboard", "/compliance")
    assert not any("에 셈" in client.get(page).text for page in pages)

    for name, count in FIGURES.items():
        keep(name, count(), took_ms=SLOW_MS)

    for page in pages:
        assert "에 셈" in client.get(page).text
