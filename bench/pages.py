"""Every page at full volume: against the same page over little, and against constants.

    python bench/pages.py [--of 1.0] [--postgresql] [--runs 15] [--keep FOLDER]

Three applications in this process answer in turn, so that a machine that drifts drifts for all:
one over a thousand rows a list, one over the volume, and a bare Flask application that renders the
large one's template from the values it was rendered with. Medians and their ratios; exit 1 where
a target is missed (`MOST_OF_SMALL`, `MOST_OF_BARE`, `MOST_QUERIES`).
"""

from __future__ import annotations

import argparse
import inspect
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, Response, template_rendered
from flask.testing import FlaskClient
from flask_login import current_user
from jinja2 import Template
from sqlalchemy import event
from volume.databases import database
from volume.fill import Volume, make
from volume.pages import PAGES, View

from figures import figure
from portal import create_app
from portal.config import from_environment
from portal.demo.access import PASSWORD
from portal.extensions import db
from portal.figures.worker import count_figures

SMALL = Volume(people=60, recordings=1_000, applications=1_200, open_ones=240, events=1_000)
_TRANSACTION = ("BEGIN", "SET LOCAL", "SELECT pg_logical_emit_message")
MOST_OF_SMALL, MOST_OF_BARE, MOST_QUERIES = 2.0, 3.0, 12


@dataclass
class Times:
    """Seconds of one page, a list per application, and what the large one asked its database."""

    small: list[float] = field(default_factory=list)
    large: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    queries: int = 0

    def row(self) -> tuple[float, float, float, float, float]:
        small, large, bare = (statistics.median(t) for t in (self.small, self.large, self.bare))
        return small * 1000, large * 1000, bare * 1000, large / small, large / bare


def token_in(page: str) -> str:
    """The token of the page's form."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    if not found:
        raise SystemExit("the page has no token")
    return found[1]


class Visitor:
    """Somebody logged in at one of the two portals."""

    def __init__(self, app: Flask, login: str) -> None:
        self.app, self.client = app, app.test_client()
        token = token_in(self.client.get("/login").get_data(as_text=True))
        data = {"csrf_token": token, "login": login, "password": PASSWORD}
        answer = self.client.post("/login", data=data)
        if answer.status_code not in (302, 303):
            raise SystemExit(f"{login}: {answer.status}")


def timed(client: FlaskClient, path: str) -> float:
    started = time.perf_counter()
    answer = client.get(path)
    took = time.perf_counter() - started
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status}")
    return took


@contextmanager
def counting(app: Flask) -> Iterator[list[str]]:
    """The statements that an application sends, without those that begin and end a change."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)
    sent[:] = [s for s in sent if not s.startswith(_TRANSACTION)]


def bare_page(app: Flask, client: FlaskClient, path: str) -> tuple[FlaskClient, int]:
    """A client of a Flask application that renders what `path` renders, from constants; and how
    many statements the page of the portal takes."""
    seen: list[tuple[Template, dict[str, Any]]] = []

    def keep(_app: Flask, template: Template, context: dict[str, Any], **_: Any) -> None:
        # What would ask the database or the login while rendering is a constant here too.
        fixed: dict[str, Any] = {"current_user": current_user._get_current_object()}
        for name, value in context.items():
            if inspect.isfunction(value) and not inspect.signature(value).parameters:
                fixed[name] = partial(lambda answer: answer, value())
        seen.append((template, {**context, **fixed}))

    client.get(path)  # what is noted once in ten minutes is noted
    with template_rendered.connected_to(keep, app), counting(app) as sent:
        client.get(path)
    if not seen:
        raise SystemExit(f"{path} renders no template")
    template, context = seen[-1]
    bare = Flask("bare")
    bare.secret_key = "constant"
    bare.config.update(app.config)
    bare.url_map, bare.jinja_env, bare.extensions = app.url_map, app.jinja_env, app.extensions

    def render(**_: Any) -> Response:
        return Response(template.render(context))

    bare.view_functions = dict.fromkeys(app.view_functions, render)
    return bare.test_client(), len(sent)


def measure(small: Flask, large: Flask, view: View, runs: int) -> Times:
    """One page of both, and its constant twin, asked for in turn."""
    here, there = Visitor(small, view.login), Visitor(large, view.login)
    with small.app_context():
        short = view.path(here.client)
    with large.app_context():
        long = view.path(there.client)
    times = Times()
    bare, times.queries = bare_page(large, there.client, long)
    for n in range(runs + 2):
        taken = timed(here.client, short), timed(there.client, long), timed(bare, long)
        if n >= 2:  # the first two warm caches
            for kept, took in zip((times.small, times.large, times.bare), taken, strict=True):
                kept.append(took)
    return times


def installation(folder: Path, url: str | None, volume: Volume) -> Flask:
    """A filled one, made where the folder is not there yet."""
    if not folder.exists():
        started = time.perf_counter()
        make(folder, url, volume)
        print(f"{folder.name}: {volume}, filled in {time.perf_counter() - started:.0f} s")
    environment = {"PORTAL_DATA": str(folder)}
    if url:
        environment["PORTAL_DATABASE_URL"] = url
    app = create_app(from_environment(environment))
    with app.app_context():
        count_figures()  # as the worker does every hour
    return app


def report(measured: dict[str, Times]) -> int:
    """Print the table; how many pages miss a target."""
    missed = 0
    print("| page | queries | small ms | large ms | bare ms | large/small | large/bare | |")
    print("| --- | --: | --: | --: | --: | --: | --: | --- |")
    for name, times in measured.items():
        small, large, bare, growth, cost = times.row()
        bad = [
            word
            for word, over in (
                ("grows", growth > MOST_OF_SMALL),
                ("heavy", cost > MOST_OF_BARE),
                ("queries", times.queries > MOST_QUERIES),
            )
            if over
        ]
        missed += bool(bad)
        print(
            f"| {name} | {times.queries} | {small:.1f} | {large:.1f} | {bare:.1f}"
            f" | {growth:.2f} | {cost:.2f} | {', '.join(bad)} |"
        )
    rows = [times.row() for times in measured.values()]
    figure("the page that grows most", max(row[3] for row in rows), MOST_OF_SMALL)
    figure("half of the pages grow by at most", statistics.median(r[3] for r in rows), 2.0)
    figure("the heaviest page, of the bare one", max(row[4] for row in rows), MOST_OF_BARE)
    figure("half of the pages weigh at most", statistics.median(r[4] for r in rows), MOST_OF_BARE)
    most = max(times.queries for times in measured.values())
    figure("most queries of a page", most, MOST_QUERIES, "")
    return missed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--of", type=float, default=1.0)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--keep", type=Path, help="where the installations lie or are made")
    parser.add_argument("--only", default="", help="a part of the page's name")
    wanted = parser.parse_args()
    views: list[View] = [view for view in PAGES if wanted.only in view.name]
    with tempfile.TemporaryDirectory() as scratch:
        folder = wanted.keep or Path(scratch)
        with database(folder, postgresql=wanted.postgresql) as address:
            kind = "postgresql" if wanted.postgresql else "sqlite"
            small = installation(folder / f"small-{kind}", address("small"), SMALL)
            large = installation(folder / f"large-{kind}", address("large"), Volume().of(wanted.of))
            measured = {view.name: measure(small, large, view, wanted.runs) for view in views}
            sys.exit(1 if report(measured) else 0)


if __name__ == "__main__":
    main()
