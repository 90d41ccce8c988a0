"""The web server: how a worker starts, what it holds, how much it serves, and two nodes at once.

    python bench/serving.py [--seconds 6] [--data FOLDER] [--grid]

A worker is a process that imports `portal.served()` and answers a page; its start is counted in CPU
seconds too, since wall seconds on a busy machine say little. Then gunicorn serves the queue page to
eight clients, and the same page from constants (`bare`), in turn: at least half as many a second.
`--grid` tries numbers of workers and threads. Last, two nodes on one PostgreSQL and one vault: who
logs in at one is known at the other, whoever logs out is out at both, and both serve at once.
Targets: start 2 s, 150 MB. Exit 1 where one is missed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from pages import SMALL, Visitor, bare_page, token_in
from playing import Served, _family, _pss_kb
from volume.databases import database
from volume.fill import make

from figures import figure
from portal import create_app
from portal.config import Config, from_environment
from portal.demo.access import PASSWORD

MOST_START_S, MOST_MB, LEAST_SHARE = 2.0, 150.0, 0.5
PAGE, CLIENTS = "/intake", 8
STARTED = """
import time
begun, cpu = time.perf_counter(), time.process_time()
from portal import served
client = served().test_client()
print(time.perf_counter() - begun, time.process_time() - cpu)
page = client.get("/login").get_data(as_text=True)
token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
data = {"csrf_token": token, "login": "custodian", "password": %r}
assert client.post("/login", data=data).status_code in (302, 303)
for path in (%r, "/ledger", "/dashboard", "/compliance", "/help/custodian"):
    assert client.get(path).status_code == 200, path
print(next(l for l in open("/proc/self/status") if l.startswith("VmRSS")).split()[1])
"""


def bare() -> Flask:
    """For gunicorn: the queue page from constants."""
    app = create_app()
    client, _ = bare_page(app, Visitor(app, "custodian").client, PAGE)
    return client.application


def started(config: Config) -> tuple[float, float, float]:
    """Wall and CPU seconds of a worker's start, MB that it holds after some pages; medians of 5."""
    environment = {**os.environ, **_environment(config)}
    found = []
    for _ in range(5):
        command = [sys.executable, "-c", STARTED % (PASSWORD, PAGE)]
        done = subprocess.run(command, env=environment, capture_output=True, check=True, text=True)
        found.append([float(number) for number in done.stdout.split()])
    wall, cpu, kb = (statistics.median(column) for column in zip(*found, strict=True))
    return wall, cpu, kb / 1024


class Node(Served):
    """`portal serve`, or gunicorn with another application, on a port of its own."""

    def __init__(self, config: Config, *more: str, application: str = "") -> None:
        self._more, self._application = more, application
        super().__init__(config, _environment(config))

    def command(self) -> list[str]:
        if not self._application:
            return [*super().command(), *self._more]
        bind = ["--bind", f"127.0.0.1:{self.port}", "--pythonpath", str(Path(__file__).parent)]
        kind = ["--worker-class", "gthread", "--workers", "2", "--threads", "8"]
        return [sys.executable, "-m", "gunicorn", self._application, *bind, *kind]


def logged_in(port: int) -> str:
    """The cookie of the custodian's session at a node."""
    connection = HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/login")
    answer = connection.getresponse()
    token, cookie = token_in(answer.read().decode()), _cookie(answer.getheaders())
    data = urlencode({"csrf_token": token, "login": "custodian", "password": PASSWORD})
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    connection.request("POST", "/login", data, kind)
    answer = connection.getresponse()
    answer.read()
    return _cookie(answer.getheaders())


def log_out(port: int, cookie: str) -> None:
    """End the session at a node."""
    connection = HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/account", headers={"Cookie": cookie})
    answer = connection.getresponse()
    token, headers = token_in(answer.read().decode()), answer.getheaders()
    if any(name.lower() == "set-cookie" for name, _ in headers):
        cookie = _cookie(headers)
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    connection.request("POST", "/logout", urlencode({"csrf_token": token}), kind)
    answer = connection.getresponse()
    answer.read()
    if answer.status not in (302, 303):
        raise SystemExit(f"/logout: {answer.status}")


def _cookie(headers: list[tuple[str, str]]) -> str:
    return next(value.split(";")[0] for name, value in headers if name.lower() == "set-cookie")


def status(port: int, cookie: str, path: str = PAGE) -> int:
    connection = HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers={"Cookie": cookie})
    return connection.getresponse().status


def load(ports: list[int], cookie: str, seconds: float) -> tuple[float, float]:
    """Requests a second that all clients get, and the 95th percentile of their seconds."""
    times: list[float] = []
    until = time.monotonic() + seconds

    def ask(port: int) -> None:
        connection = HTTPConnection("127.0.0.1", port)
        while time.monotonic() < until:
            begun = time.perf_counter()
            connection.request("GET", PAGE, headers={"Cookie": cookie})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise SystemExit(f"{PAGE}: {answer.status}")
            times.append(time.perf_counter() - begun)

    threads = [threading.Thread(target=ask, args=(ports[n % len(ports)],)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(times) / seconds, statistics.quantiles(times, n=20)[-1]


def against_bare(config: Config, seconds: float) -> float:
    """The portal's requests a second over those of the page from constants, in turn."""
    portal, plain = Node(config), Node(config, application="serving:bare()")
    try:
        cookie = logged_in(portal.port)
        shares = []
        for _ in range(3):
            ours, late = load([portal.port], cookie, seconds)
            bares, _ = load([plain.port], cookie, seconds)
            shares.append(ours / bares)
            print(f"queue page: {ours:.0f} a second, p95 {late * 1000:.0f} ms; bare {bares:.0f}")
        held = ", ".join(f"{_pss_kb(pid) / 1024:.0f}" for pid in _family(portal.pid))
        print(f"held by serve, gunicorn and its workers: {held} MB")
    finally:
        portal.stop()
        plain.stop()
    return statistics.median(shares)


def grid(config: Config, seconds: float) -> None:
    """Workers and threads, twice in turn."""
    print("| workers × threads | requests/s | p95 ms | MB in all |\n| --- | --: | --: | --: |")
    for workers, threads in ((1, 8), (2, 4), (2, 8), (2, 16), (3, 8), (4, 4)):
        node = Node(config, "--workers", str(workers), "--threads", str(threads))
        try:
            cookie = logged_in(node.port)
            load([node.port], cookie, 1)
            found = [load([node.port], cookie, seconds) for _ in range(2)]
            held = node.memory_mb()
        finally:
            node.stop()
        rate, late = (statistics.mean(column) for column in zip(*found, strict=True))
        print(f"| {workers} × {threads} | {rate:.0f} | {late * 1000:.0f} | {held:.0f} |")


def two_nodes(folder: Path, seconds: float) -> bool:
    """Two ports, one PostgreSQL, one vault."""
    with database(folder / "server", postgresql=True) as address:
        url = address("nodes")
        make(folder / "shared", url, SMALL)
        given = {"PORTAL_DATA": str(folder / "shared"), "PORTAL_DATABASE_URL": str(url)}
        config = from_environment(given)
        first, second = Node(config), Node(config)
        try:
            cookie = logged_in(first.port)
            known = status(second.port, cookie) == 200
            alone, late = load([first.port], cookie, seconds)
            both, late_both = load([first.port, second.port], cookie, seconds)
            log_out(second.port, cookie)
            out = [status(port, cookie) for port in (first.port, second.port)]
        finally:
            first.stop()
            second.stop()
    print(
        f"two nodes, PostgreSQL: known at the other {known}, after leaving at one {out};"
        f" one alone {alone:.0f} a second (p95 {late * 1000:.0f} ms),"
        f" both {both:.0f} (p95 {late_both * 1000:.0f} ms)"
    )
    return known and all(answer in (302, 303) for answer in out)


def _environment(config: Config) -> dict[str, str]:
    return {"PORTAL_DATA": str(config.data), "PORTAL_DATABASE_URL": config.database_url}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--data", type=Path, help="a filled installation on SQLite")
    parser.add_argument("--grid", action="store_true")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="serving-") as folder:
        data = wanted.data or Path(folder) / "portal"
        if not data.exists():
            make(data, None, SMALL)
        config = from_environment({"PORTAL_DATA": str(data)})
        wall, cpu, held = started(config)
        print(f"start of a worker: {wall:.2f} s, {cpu:.2f} s CPU; after some pages {held:.0f} MB")
        share = against_bare(config, wanted.seconds)
        print(f"requests a second against the bare page: {share:.2f}")
        if wanted.grid:
            grid(config, wanted.seconds)
        met = two_nodes(Path(folder), wanted.seconds)
    # CPU: what a machine with nothing else to do needs.
    met &= figure("start of a web worker, CPU", min(wall, cpu), MOST_START_S, "s")
    met &= figure("a web worker holds", held, MOST_MB, "MB")
    met &= figure("requests a second, of the bare page", share, LEAST_SHARE, least=True)
    sys.exit(not met)


if __name__ == "__main__":
    main()
