"""`portal clock confirm`: the time is right although the clock seemed to have jumped."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from portal import audit, clock_mark
from portal.cli.installation import in_installation
from portal.clock import now, seoul


@click.group()
def clock() -> None:
    """서버의 시계 / the server's clock."""


@clock.command()
@click.option("--reason", required=True, help="시계가 앞으로 간 까닭 / why it moved.")
@in_installation
def confirm(reason: str) -> None:
    """지금 시각이 맞음을 확인하고 반입과 자동 삭제를 다시 시작합니다 / go on with this time."""
    before = clock_mark.confirm()
    since = seoul(datetime.fromtimestamp(before.wall, UTC)).isoformat() if before else None
    audit.record_alone("clock.confirmed", by=None, reason=reason, since=since)
    click.echo(f"{seoul(now()):%Y-%m-%d %H:%M}(서울)을 맞는 시각으로 적었습니다.")
