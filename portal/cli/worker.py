"""`portal worker`: what happens by itself."""

from __future__ import annotations

import os
import sys

import click
import structlog

from portal.cli.installation import in_installation
from portal.jobs.worker import Worker
from portal.runtime import settings

#: Whoever waits for a page goes before what happens by itself.
_NICENESS = 5


@click.command()
@click.option("--once", is_flag=True, help="각 작업을 한 번만 하고 끝냅니다 / each task once.")
@in_installation
def worker(once: bool) -> None:
    """반입, 자동 삭제 등 저절로 하는 일을 맡습니다 / take in, delete, clean up until stopped."""
    os.setpriority(os.PRIO_PROCESS, 0, max(os.getpriority(os.PRIO_PROCESS, 0), _NICENESS))
    structlog.get_logger().info("settings", sha256=settings().digest())
    running = Worker()
    running.stop_on_signals()
    if not once:
        running.run()
        return
    running.once()
    sys.exit(1 if running.failures else 0)
