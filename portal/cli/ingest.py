"""`portal ingest run`: take in what lies in the drop folder, now."""

from __future__ import annotations

import json
import sys
import time

import click

from portal.cli.installation import in_installation
from portal.recordings.delivery import Outcome
from portal.recordings.intake import Intake, Report

_SETTLING_S = 1.2
_WORDS = {
    Outcome.TAKEN: "반입",
    Outcome.RECOGNISED: "이미 있음",
    Outcome.QUARANTINED: "보류",
    Outcome.DESTROYED: "보관기간 지남(파기)",
    Outcome.WAITING: "대기",
}


@click.group()
def ingest() -> None:
    """통화 반입 / taking recordings in."""


@ingest.command()
@click.option("--json", "as_json", is_flag=True, help="프로그램이 읽을 수 있게 / machine-readable.")
@in_installation
def run(as_json: bool) -> None:
    """반입 폴더의 통화를 지금 받아들입니다 / take in what is in the drop folder.

    끝낸 값 1: 보류되었거나 처리하지 못한 파일이 있습니다.
    """
    report = _take_in()
    if as_json:
        click.echo(json.dumps(report.as_dict()))
    else:
        words = [f"{_WORDS[outcome]} {report.outcomes[outcome]}" for outcome in Outcome]
        click.echo(", ".join([*words, f"실패 {report.failed}"]))
    sys.exit(1 if report.outcomes[Outcome.QUARANTINED] or report.failed else 0)


def _take_in() -> Report:
    """One round, and another where files were laid there in this very moment."""
    intake = Intake()
    first = intake.round()
    if not first.outcomes[Outcome.WAITING]:
        return first
    time.sleep(_SETTLING_S)
    second = intake.round()
    second.outcomes.update({o: n for o, n in first.outcomes.items() if o is not Outcome.WAITING})
    return second
