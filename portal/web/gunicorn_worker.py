"""gunicorn's threaded worker, for people who are slow and for those who are slow on purpose.

A thread is given only to a request whose head, and the beginning of its body, has arrived: until
then it lies in the kernel's buffer and costs a file descriptor. No proxy in front may do this for
us, since it would write evidence to its disk (decision 1). What a thread reads and writes after
that is bounded in time. gunicorn's own refusals, before the portal sees a request, are in Korean.
"""

from __future__ import annotations

import re
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from gunicorn.workers import gthread
from gunicorn.workers.gthread import ThreadWorker
from werkzeug.exceptions import RequestTimeout

from portal.web.headers import HEADERS

#: Until when a request's beginning must be there; what a whole head may weigh.
HEAD_S: Final = 15.0
LONGEST_HEAD: Final = 32 * 1024
#: So much of a body is waited for before a thread is used: any ordinary form is whole by then.
BODY_BEFORE: Final = 48 * 1024
#: A body may take this long, and longer by its size at this pace; an answer this long a piece.
BODY_S: Final = 20.0
SLOWEST: Final = 16 * 1024  # bytes a second
ANSWER_S: Final = 30.0
LINGER_S: Final = 0.5
_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r\n", re.I)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.I)
_EXPECTS = re.compile(rb"\r\nexpect:", re.I)
_TEXTS = {
    408: ("요청이 너무 늦었습니다", "연결을 확인하고 다시 시도해 주십시오."),
    414: ("주소가 너무 깁니다", "주소를 확인하거나 첫 화면에서 다시 찾아 주십시오."),
    431: ("요청이 너무 큽니다", "브라우저의 쿠키를 지우고 다시 시도해 주십시오."),
    500: ("처리하는 중 문제가 생겼습니다", "잠시 뒤 다시 시도해 주십시오."),
}
_OTHERWISE = ("요청을 이해하지 못했습니다", "주소를 확인하고 다시 시도해 주십시오.")


class Worker(ThreadWorker):  # type: ignore[misc, unused-ignore]
    """`--worker-class portal.web.gunicorn_worker.Worker`."""

    def handle(self, conn: Any) -> Any:
        """Begun in a thread, given back at once where the request is not there yet."""
        if not hasattr(conn, "wait_until"):
            conn.wait_until, conn.wanted = time.monotonic() + HEAD_S, 0
        arrived = _arrived(conn)
        if arrived is None:
            return gthread._DEFER
        again = False
        if arrived:
            refuse(conn.sock, arrived)
        elif arrived == 0:
            conn.data_ready = True
            del conn.wait_until
            again = bool(super().handle(conn))
        if not again:
            _linger(conn.sock)
        return again

    def handle_request(self, req: Any, conn: Any) -> Any:
        """From here on the application reads and writes, within bounds."""
        conn.sock.settimeout(ANSWER_S)
        conn.parser.unreader.sock = Hurried(conn.sock)
        try:
            return super().handle_request(req, conn)
        finally:
            conn.parser.unreader.sock = conn.sock

    def _keepalive_after(self, conn: Any, keepalive: Any) -> bool:
        """A second request that came along with the first may be half of one: it is not waited
        for in a thread."""
        again = super()._keepalive_after(conn, keepalive)
        return bool(again) and not conn.parser.unreader.buf.getvalue()

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Nobody is waited for in the loop that serves all: gunicorn would, for two seconds."""
        if not fs.cancelled() and not fs.exception() and fs.result() is False:
            self.nr_conns -= 1
            conn.close()
            return
        super().finish_request(conn, fs)
        if conn in self.pending_conns:
            conn.timeout = conn.wait_until

    def murder_pending(self) -> None:
        """Who began and did not come to an end is told so; who never said anything is not."""
        now = time.monotonic()
        for conn in [one for one in self.pending_conns if one.timeout <= now]:
            if conn.wanted:
                refuse(conn.sock, 408)
            conn.timeout = 0
            self.pending_conns.remove(conn)
            self.pending_conns.appendleft(conn)  # gunicorn looks from there
        super().murder_pending()

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Any) -> None:
        """As gunicorn decides and logs it, in Korean."""
        if isinstance(exc, RequestTimeout):
            return refuse(client, 408)
        caught = _Caught()
        super().handle_error(req, caught, addr, exc)
        return refuse(client, caught.status)


@dataclass(frozen=True)
class Refusal:
    """The status of a request that never gets to a thread."""

    status: int


class Hurried:
    """A connection whose body must come at a pace; gunicorn asks for nothing but `recv`."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._began = time.monotonic()
        self._taken = 0

    def recv(self, size: int) -> bytes:
        """Raises `RequestTimeout`, which the portal answers, where it took too long."""
        left = self._began + BODY_S + self._taken / SLOWEST - time.monotonic()
        if left <= 0:
            raise RequestTimeout
        self._sock.settimeout(left)
        try:
            piece = self._sock.recv(size)
        except TimeoutError as error:
            raise RequestTimeout from error
        finally:
            self._sock.settimeout(ANSWER_S)
        self._taken += len(piece)
        return piece


class _Caught:
    """Stands in for the connection while gunicorn writes its own words."""

    status = 400

    def gettimeout(self) -> float:
        return 0.0

    def sendall(self, data: bytes) -> None:
        self.status = int(data[9:12])

    def getsockname(self) -> tuple[str, int]:
        return ("", 0)


def _arrived(conn: Any) -> int | bool | None:
    """0 where a thread may begin, None to wait on, False where nobody is there any more, and the
    status to refuse it with."""
    conn.sock.setblocking(False)
    try:
        head = conn.sock.recv(LONGEST_HEAD + BODY_BEFORE, socket.MSG_PEEK)
    except BlockingIOError:
        return None if time.monotonic() < conn.wait_until else False
    except OSError:
        return False
    wanted, is_late = _wanted(head), time.monotonic() > conn.wait_until
    if isinstance(wanted, Refusal):
        return wanted.status
    if len(head) >= wanted:
        _wake_at(conn.sock, 1)
        return 0
    # Woken though what was asked for is not there: the other side has closed.
    if not head or is_late or (conn.wanted and len(head) < conn.wanted):
        return 408 if is_late else False
    conn.wanted = wanted
    _wake_at(conn.sock, wanted)
    return None


def _linger(sock: socket.socket) -> None:
    """Take in some of what nobody will read, so that the answer is not lost with the connection."""
    until, taken = time.monotonic() + LINGER_S, 0
    with suppress(OSError):
        sock.shutdown(socket.SHUT_WR)
        while taken < LONGEST_HEAD and (left := until - time.monotonic()) > 0:
            sock.settimeout(left)
            piece = sock.recv(LONGEST_HEAD)
            if not piece:
                return
            taken += len(piece)


def _wanted(head: bytes) -> int | Refusal:
    """How many bytes a thread may begin with. A body must say how long it is: no browser sends
    another one, and nobody could tell when it is there."""
    end = head.find(_END)
    if end < 0:
        return len(head) + 1 if len(head) <= LONGEST_HEAD else Refusal(431)
    if _CHUNKED.search(head, 0, end + 2):
        return Refusal(411)
    length = _LENGTH.search(head, 0, end + 2)
    if length is None or _EXPECTS.search(head, 0, end):
        return end + len(_END)
    return end + len(_END) + min(int(length[1]), BODY_BEFORE)


def _wake_at(sock: socket.socket, number: int) -> None:
    """Let the poller see the connection when so many bytes are there, not at every single one."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, number)


def refuse(client: Any, status: int) -> None:
    """Answer without the application, and without waiting for whoever does not read."""
    title, advice = _TEXTS.get(status, _OTHERWISE if status < 500 else _TEXTS[500])
    body = (
        f'<!doctype html><html lang="ko"><meta charset="utf-8"><title>{title}</title>'
        f"<h1>{title}</h1><p>{advice}</p></html>"
    ).encode()
    head = [f"HTTP/1.1 {status} {'Refused' if status < 500 else 'Error'}", "Connection: close"]
    head += ["Content-Type: text/html; charset=utf-8", f"Content-Length: {len(body)}"]
    head += [f"{name}: {value}" for name, value in HEADERS.items()]
    head += ["Cache-Control: no-store"]
    with suppress(OSError):
        client.settimeout(1.0)
        client.sendall("\r\n".join(head).encode() + _END + body)
