"""`portal retention run` and `portal reconcile`: destroying, and checking that it was done."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from portal.cli.installation import in_installation
from portal.retention import purge
from portal.retention.reconcile import reconcile as compare
from portal.retention.records_due import records_due


@click.group()
def retention() -> None:
    """보관기간이 지난 통화의 자동 삭제 / automatic deletion (제8조①)."""


@retention.command()
@click.option("--json", "as_json", is_flag=True, help="프로그램이 읽을 수 있게 / machine-readable.")
@in_installation
def run(as_json: bool) -> None:
    """보관기간이 지난 것을 지금 파기합니다 / destroy what is past its day."""
    report = purge.run()
    if as_json:
        click.echo(json.dumps(asdict(report), default=str))
    else:
        click.echo(
            f"통화 {report.recordings}건, 반입 보류 {report.quarantined}건을 파기했습니다 "
            f"(열쇠 {report.keys}개, 파일 {report.files}개). 기간만료 "
            f"{report.applications_expired}건, 열람 완료 {report.applications_closed}건."
        )
        if not report.log_emptied:
            click.echo("데이터베이스 기록 파일을 비우지 못했습니다. 다음 실행에서 다시 합니다.")
        if report.replica_behind:
            click.echo("열쇠 사본(PORTAL_KEY_REPLICA)이 연결되지 않았거나 맞지 않습니다.")
        for day in report.failed:
            click.echo(f"{day} 삭제분을 끝내지 못했습니다. 파일 권한과 디스크를 확인해 주십시오.")
    sys.exit(1 if report.failed or report.replica_behind else 0)


@retention.command()
@click.option("--json", "as_json", is_flag=True, help="프로그램이 읽을 수 있게 / machine-readable.")
@in_installation
def records(as_json: bool) -> None:
    """보존기간이 끝난 기록을 해마다 셉니다. 지우지 않습니다 / records whose period is over."""
    due = records_due()
    if as_json:
        click.echo(json.dumps(due))
        return
    for year, number in due.items():
        click.echo(f"{year}년에 끝난 신청 {number}건: 기록관의 심사와 심의를 받으십시오.")
    if not due:
        click.echo("보존기간이 끝난 기록이 없습니다.")


@click.command()
@click.option("--repair", is_flag=True, help="주인 없는 파일을 지웁니다 / remove orphans.")
@click.option("--grace", default=10, type=click.IntRange(min=0), help="진행 중인 일의 유예(분).")
@click.option("--json", "as_json", is_flag=True, help="프로그램이 읽을 수 있게 / machine-readable.")
@in_installation
def reconcile(repair: bool, grace: int, as_json: bool) -> None:
    """데이터베이스·열쇠·파일을 서로 맞추어 봅니다 / compare database, keys and files."""
    differences = compare(grace_s=grace * 60, repair=repair)
    if as_json:
        click.echo(json.dumps([asdict(difference) for difference in differences]))
    else:
        for difference in differences:
            done = " (지움)" if difference.repaired else ""
            click.echo(f"{difference.kind}\t{difference.id}\t{difference.meaning}{done}")
        if not differences:
            click.echo("데이터베이스·열쇠·파일이 모두 맞습니다.")
    sys.exit(1 if differences else 0)
