"""`portal packages build`: what the worker does, by hand."""

from __future__ import annotations

import click

from portal.cli.installation import in_installation
from portal.jobs.lease import new_owner
from portal.packages.build import build_next


@click.group()
def packages() -> None:
    """제공 파일 / the packages of 제공 (제7조③, 제8조②)."""


@packages.command()
@in_installation
def build() -> None:
    """기다리는 제공 파일을 지금 만듭니다 / build what waits."""
    built, owner = 0, new_owner()
    while build_next(owner):
        built += 1
    click.echo(f"제공 파일 작업 {built}건을 처리했습니다.")
