"""`portal notices`: what the worker does about notices, once, from cron or by hand."""

from __future__ import annotations

import json

import click

from portal import clock
from portal.cli.installation import in_installation
from portal.jobs.watched import WATCHED_S
from portal.notices.awaited import remind_of_awaited
from portal.notices.outbox import send_waiting
from portal.notices.reminders import remind
from portal.notices.watch import watch


@click.group()
def notices() -> None:
    """알림 / notices."""


@notices.command()
@click.option("--json", "as_json", is_flag=True, help="JSON으로 / machine-readable.")
@in_installation
def run(as_json: bool) -> None:
    """멈춘 작업을 알리고, 기한 알림과 메일을 보냅니다 / alarms, reminders and mail, once."""
    stands = watch(WATCHED_S)
    today = clock.today()
    told, sent = remind(today) + remind_of_awaited(today), send_waiting()
    if as_json:
        click.echo(json.dumps({"stands": stands, "reminded": told, "mailed": sent}))
    else:
        click.echo(f"기한 알림 {told}건, 메일 {sent}건.")
        for kind in stands:
            click.echo(f"멈춤: {kind}", err=True)
    if stands:
        raise SystemExit(1)
