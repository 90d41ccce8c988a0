"""`portal serve`: the web part under gunicorn, with the worker beside it when asked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from types import FrameType

import click
import structlog

from portal.cli.installation import Misuse, open_app, read_config, require_usable, take_part
from portal.config import Config

_WORKER = "portal.web.gunicorn_worker.Worker"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_log = structlog.get_logger()


@click.command()
@click.option("--host", default="127.0.0.1")
@click.option("--port", default=8000, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, type=click.IntRange(1, 64))
@click.option("--threads", default=8, type=click.IntRange(1, 256))
@click.option("--with-worker", is_flag=True, help="워커도 함께 / the worker too.")
def serve(host: str, port: int, workers: int, threads: int, with_worker: bool) -> None:
    """포털을 띄웁니다 / serve the portal."""
    config = read_config()
    check_installation(config, host)
    held = take_part(config)
    web = web_command(host, port, workers, threads)
    sys.exit(run_together(web, with_worker=with_worker, held=[held] if held is not None else []))


def check_installation(config: Config, host: str) -> None:
    """Raises `Misuse` for a wrong schema, a missing key, or a demo that others could reach."""
    if config.demo_marker.exists() and host not in LOOPBACK:
        raise Misuse("데모는 이 컴퓨터(127.0.0.1)에서만 띄울 수 있습니다.")
    app = open_app(config)
    with app.app_context():
        require_usable()
    _log.info("settings", sha256=config.settings.digest())


def web_command(host: str, port: int, workers: int, threads: int) -> list[str]:
    """gunicorn's command line; a node keeps nothing in memory that matters."""
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return [
        *[sys.executable, "-m", "gunicorn", "portal:served()", "--bind", address],
        *["--worker-class", _WORKER, "--workers", str(workers), "--threads", str(threads)],
        *["--timeout", "60", "--graceful-timeout", "10", "--keep-alive", "5"],
        *["--limit-request-line", "4094", "--limit-request-fields", "60"],
        *["--log-level", "warning", "--no-control-socket"],
    ]


def run_together(
    web: list[str],
    *,
    with_worker: bool,
    ready: Callable[[], None] | None = None,
    held: Sequence[int] = (),
) -> int:
    """Run the web part (and the worker) until a signal comes or one of them ends.

    Returns 0 after a signal, 1 where a part ended by itself. `ready` is called once they started.
    `held` are descriptors that say the installation is in use: the parts keep them, so that an
    offline command waits for parts that outlive this process.
    """
    commands = [web]
    if with_worker:
        commands.append([sys.executable, "-m", "portal.cli", "worker"])
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    parts = [
        subprocess.Popen(command, start_new_session=True, pass_fds=held)  # noqa: S603
        for command in commands
    ]
    if ready:
        ready()
    while not stopping and all(part.poll() is None for part in parts):
        time.sleep(0.2)
    for part in parts:
        if part.poll() is None:
            os.killpg(part.pid, signal.SIGTERM)
    for part in parts:
        part.wait()
    return 0 if stopping else 1
