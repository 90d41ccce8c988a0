"""`portal recorder`: the tokens by which recorders ask whether an extension may record (제9조)."""

from __future__ import annotations

import json

import click

from portal.api import recorders
from portal.cli.installation import Misuse, in_installation
from portal.database import write

json_option = click.option("--json", "as_json", is_flag=True, help="JSON으로 / machine-readable.")


@click.group()
def recorder() -> None:
    """녹음 장비의 토큰 / tokens of recorders."""


@recorder.command()
@click.argument("name")
@json_option
@in_installation
def add(name: str, as_json: bool) -> None:
    """녹음 장비를 등록하고 토큰을 한 번 보여 줍니다 / add a recorder, print its token once."""
    try:
        with write():
            _row, token = recorders.add(name)
    except recorders.RecorderRefused as refused:
        raise Misuse(str(refused)) from refused
    if as_json:
        click.echo(json.dumps({"name": name, "token": token}, ensure_ascii=False))
    else:
        click.echo(f"{name}의 토큰 (다시 볼 수 없습니다): {token}")


@recorder.command()
@click.argument("name")
@json_option
@in_installation
def revoke(name: str, as_json: bool) -> None:
    """토큰을 폐기합니다 / revoke a recorder's token for good."""
    try:
        with write():
            recorders.revoke(name)
    except recorders.RecorderRefused as refused:
        raise Misuse(str(refused)) from refused
    if as_json:
        click.echo(json.dumps({"name": name, "revoked": True}, ensure_ascii=False))
    else:
        click.echo(f"{name}의 토큰을 폐기했습니다.")


@recorder.command("list")
@json_option
@in_installation
def list_(as_json: bool) -> None:
    """등록된 녹음 장비 / the recorders; never a token."""
    rows = [
        {
            "name": row.name,
            "added_at": row.added_at.isoformat(),
            "used_at": row.used_at.isoformat() if row.used_at else None,
            "revoked_at": row.revoked_at.isoformat() if row.revoked_at else None,
        }
        for row in recorders.recorders()
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        state = f"폐기 {row['revoked_at']}" if row["revoked_at"] else "사용 중"
        click.echo(f"{row['name']}\t{state}\t마지막 사용 {row['used_at'] or '-'}")
    if not rows:
        click.echo("등록된 장비가 없습니다. 'portal recorder add 이름'으로 등록하세요.")
