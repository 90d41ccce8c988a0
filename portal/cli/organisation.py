"""`portal organisation`: departments, people and extensions from CSV files."""

from __future__ import annotations

import sys
from typing import BinaryIO

import click

from portal.accounts.refusals import AccountRefused
from portal.cli.installation import Misuse, in_installation
from portal.organisation.csv_file import LONGEST_FILE, FileRefused
from portal.organisation.import_csv import Kind, import_file
from portal.organisation.report import WORDS


@click.group()
def organisation() -> None:
    """부서·직원·내선 / departments, people, extensions."""


@organisation.command("import")
@click.argument("file", type=click.File("rb"))
@click.option(
    "--kind", required=True, type=click.Choice([str(k) for k in Kind]), help="무엇의 목록인가."
)
@click.option("--dry-run", is_flag=True, help="무엇이 바뀔지 보기만 합니다 / change nothing.")
@in_installation
def import_command(file: BinaryIO, kind: str, dry_run: bool) -> None:
    """CSV를 반영합니다 / all or nothing; exit 1 where a line is wrong."""
    try:
        report = import_file(Kind(kind), file.read(LONGEST_FILE + 1), by=None, dry_run=dry_run)
    except (FileRefused, AccountRefused) as refused:
        raise Misuse(str(refused)) from refused
    for line in report.shown:
        click.echo(f"{line.number}번째 줄 [{line.word}] {line.text}")
    click.echo(", ".join(f"{WORDS[effect]} {n}" for effect, n in report.counts.items()))
    if not report.applied:
        click.echo("아무것도 바꾸지 않았습니다.")
    if report.is_wrong:
        sys.exit(1)
