"""One range of 1 MiB of a call of sixty minutes, against the same range of a plain file.

What is compared: the portal's answer, through login, gate, log and decryption, and that of a Flask
route that sends a plain file (`send_file`). Both are asked in turn, twice over: as WSGI
applications in this process (until the first chunk that is not empty is handed over, and until the
last one), and served by gunicorn over the loopback (until the first byte of the body is there, and
until the last). The target is for what is served, and for the first byte: within three times of the
plain range sent whole.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import chain
from pathlib import Path
from typing import Any

from flask import Flask, Response, request, send_file
from werkzeug.test import EnvironBuilder
from werkzeug.wsgi import FileWrapper

MIB = 1024 * 1024
_WARM = 3
PLAIN_FILE = "BENCH_PLAIN_FILE"
Ask = Callable[[int], tuple[float, float, float, bytes]]
"""From the first byte's place to: seconds until the first byte is there, until all are, CPU seconds
until the first (0 where another process worked), and the bytes."""


def plain() -> Flask:
    """Sends the file that the environment names; also for gunicorn."""
    app = Flask("plain")
    path = os.environ[PLAIN_FILE]

    @app.get("/sound")
    def sound() -> Response:
        # gunicorn's own cannot seek: with it werkzeug would read the file from its beginning.
        request.environ["wsgi.file_wrapper"] = FileWrapper
        return send_file(path, conditional=True)

    return app


@dataclass
class Times:
    """Seconds of one side, a list each."""

    first: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def add(self, first: float, whole: float, cpu: float) -> None:
        for kept, took in ((self.first, first), (self.whole, whole), (self.cpu, cpu)):
            kept.append(took)

    def __str__(self) -> str:
        first, whole, cpu = (
            statistics.median(t) * 1000 for t in (self.first, self.whole, self.cpu)
        )
        return f"first byte {first:.2f} ms, whole {whole:.2f} ms" + (
            f" ({cpu:.2f} ms CPU until the first)" if cpu else ""
        )


def here(app: Flask, path: str, cookie: str) -> Ask:
    """Asks a WSGI application in this process, without a client around it."""

    def ask(first: int) -> tuple[float, float, float, bytes]:
        environ = EnvironBuilder(path, headers=_headers(first, cookie)).get_environ()
        status: list[str] = []

        def start_response(line: str, _headers: Any, _error: Any = None) -> Any:
            status.append(line)

        begun, cpu = time.perf_counter(), time.process_time()
        chunks = app(environ, start_response)
        left: Iterator[bytes] = iter(chunks)
        head = next(chunk for chunk in left if chunk)
        soon, cpu = time.perf_counter() - begun, time.process_time() - cpu
        body = list(chain([head], left))
        if close := getattr(chunks, "close", None):
            close()
        took = time.perf_counter() - begun
        return soon, took, cpu, _checked(status[0][:3], b"".join(body))

    return ask


def over(port: int, path: str, cookie: str) -> Ask:
    """Asks a server on this machine; each range by a connection of its own."""

    def ask(first: int) -> tuple[float, float, float, bytes]:
        connection = HTTPConnection("127.0.0.1", port)
        connection.connect()
        begun = time.perf_counter()
        connection.request("GET", path, headers=_headers(first, cookie))
        answer = connection.getresponse()
        head = answer.read(1)
        soon = time.perf_counter() - begun
        body = head + answer.read()
        took = time.perf_counter() - begun
        connection.close()
        return soon, took, 0.0, _checked(str(answer.status), body)

    return ask


def compare(where: str, portal: Ask, file: Ask, sound: bytes, count: int) -> float:
    """The portal's first byte, of the plain range sent whole: the median.

    New places at random, which are noted each, then one place again and again within the minute in
    which it is not noted anew; the ratios are those of the new ones.
    """
    dice = random.Random(1)
    fresh = [dice.randrange(len(sound) - MIB) for _ in range(count + _WARM)]
    found = _in_turn(portal, file, sound, fresh)
    again = _in_turn(portal, file, sound, [fresh[-1]] * (count // 2 + _WARM))
    for what, (ours, theirs) in (("new ranges", found), ("heard again", again)):
        print(f"{where}, {what}: portal {ours}; plain file {theirs}")
    ours, theirs = found
    pairs = zip(ours.first, theirs.whole, theirs.first, strict=True)
    ratios = [(soon / whole, soon / first) for soon, whole, first in pairs]
    of_sent, of_first = (statistics.median(column) for column in zip(*ratios, strict=True))
    whole = statistics.median(a / b for a, b in zip(ours.whole, theirs.whole, strict=True))
    print(
        f"{where}: first byte {of_sent:.2f} × the plain range sent, {of_first:.2f} × its first"
        f" byte; whole range {whole:.2f} × the plain one's"
    )
    return of_sent


def in_process(app: Flask, path: str, cookie: str, file: Path, sound: bytes, count: int) -> None:
    """Both as WSGI applications, for orientation; `file` is where the plain one lies."""
    os.environ[PLAIN_FILE] = str(file)
    compare("in the process", here(app, path, cookie), here(plain(), "/sound", ""), sound, count)


def _in_turn(portal: Ask, file: Ask, sound: bytes, places: list[int]) -> tuple[Times, Times]:
    sides = Times(), Times()
    for number, first in enumerate(places):
        for ask, times in zip((portal, file), sides, strict=True):
            *took, body = ask(first)
            if body != sound[first : first + MIB]:
                raise SystemExit(f"other bytes at {first}: {len(body)}")
            if number >= _WARM:
                times.add(*took)
    return sides


def _headers(first: int, cookie: str) -> dict[str, str]:
    return {"Range": f"bytes={first}-{first + MIB - 1}", "Cookie": cookie}


def _checked(status: str, body: bytes) -> bytes:
    if status != "206":
        raise SystemExit(f"a range: {status}")
    return body
