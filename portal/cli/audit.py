"""`portal audit verify`: is the log whole?"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from portal.audit.checkpoint import prune as prune_log
from portal.audit.verify import verify as verify_chain
from portal.cli.installation import in_installation


@click.group()
def audit() -> None:
    """접속기록 / the log."""


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="프로그램이 읽을 수 있게 / machine-readable.")
@in_installation
def verify(as_json: bool) -> None:
    """접속기록의 연결을 처음부터 확인합니다 / check the chain from its start."""
    verdict = verify_chain()
    if as_json:
        click.echo(json.dumps({**asdict(verdict), "sound": verdict.sound}))
    elif verdict.sound:
        before = f" (앞의 {verdict.pruned}건은 보관기간이 지나 정리됨)" if verdict.pruned else ""
        click.echo(f"접속기록 {verdict.events}건이 온전합니다{before}.")
    else:
        click.echo(f"{verdict.first_bad}번 기록이 맞지 않습니다: {verdict.problem}")
    sys.exit(0 if verdict.sound else 1)


@audit.command()
@in_installation
def prune() -> None:
    """보관기간이 지난 접속기록을 서명한 기준점까지 정리합니다 / prune up to a signed checkpoint."""
    pruned = prune_log()
    click.echo(f"접속기록 {pruned.events}건을 정리했습니다.")
