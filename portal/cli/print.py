"""`portal print`: the child process in which the worker makes a long print."""

from __future__ import annotations

import contextlib
import os

import click

from portal import audit
from portal.cli.installation import in_installation
from portal.prints.make import Superseded, make

#: The worker that starts it has half of that already.
_NICENESS = 10


@click.command(name="print", hidden=True)
@click.argument("job")
@click.argument("epoch", type=int)
@in_installation
def print_job(job: str, epoch: int) -> None:
    """워커가 긴 인쇄를 맡길 때 씁니다 / make what a job asks for; started by the worker."""
    os.setpriority(os.PRIO_PROCESS, 0, max(os.getpriority(os.PRIO_PROCESS, 0), _NICENESS))
    audit.origin.set("worker")
    with contextlib.suppress(Superseded):
        make(job, epoch)
