"""`portal init` and `portal upgrade`: a new installation, and a new version of the schema."""

from __future__ import annotations

import json
from collections.abc import Iterable

import click
from sqlalchemy import func, select

from portal import schema
from portal.accounts.models import Account
from portal.accounts.open_account import open_first_account
from portal.accounts.refusals import AccountRefused
from portal.audit import record
from portal.cli.installation import Misuse, offline, open_app, read_config
from portal.config import Config
from portal.database import write
from portal.extensions import db
from portal.roles import Role
from portal.vault.master import MasterKey


@click.command()
@click.option("--custodian", default="custodian", help="접수하고 관리하는 첫 담당자의 로그인 이름.")
@click.option("--custodian-name", default=None, help="비우면 설정의 직책.")
@click.option("--head", default="head", help="결정하는 첫 결재자의 로그인 이름.")
@click.option("--head-name", default=None, help="비우면 설정의 직책.")
@click.option("--json", "as_json", is_flag=True)
def init(
    custodian: str, custodian_name: str | None, head: str, head_name: str | None, as_json: bool
) -> None:
    """새 설치: 자료 폴더, 열쇠, 데이터베이스, 첫 담당자와 결재자 / a new installation."""
    config = read_config()
    make_data_folder(config)
    titles = config.settings.titles
    people = (
        (custodian, custodian_name or titles.custodian, Role.CUSTODIAN),
        (head, head_name or titles.division_head, Role.DIVISION_HEAD),
    )
    with open_app(config).app_context():
        refuse_used(config)
        schema.upgrade()
        made = open_first_accounts(people)
    if as_json:
        click.echo(json.dumps({"data": str(config.data), "accounts": made}, ensure_ascii=False))
        return
    click.echo(
        f"자료 폴더: {config.data}\n마스터 키: {config.master_key_file} (반드시 따로 보관하세요)"
    )
    for one in made:
        click.echo(f"{one['role']:14} 로그인 {one['login']}   처음 비밀번호 {one['password']}")
    click.echo("처음 로그인하면 비밀번호를 바꾸게 됩니다. 이 화면은 다시 나오지 않습니다.")


def make_data_folder(config: Config) -> None:
    """The folder and the master key, where they are not there yet."""
    config.drop.mkdir(parents=True, exist_ok=True)
    config.data.chmod(0o700)
    if not config.master_key_file.exists():
        config.master_key_file.parent.mkdir(parents=True, exist_ok=True)
        MasterKey.create(config.master_key_file)


def refuse_used(config: Config) -> None:
    """Raises `Misuse` where somebody has an account; an `init` that was cut off goes on."""
    if schema.current() is None:
        return
    if db.session.scalar(select(func.count()).select_from(Account)):
        raise Misuse(f"이미 설치되어 있습니다: {config.data}. 덮어쓰지 않고 멈춥니다.")


def open_first_accounts(people: Iterable[tuple[str, str, Role]]) -> list[dict[str, str]]:
    """Both accounts or none; raises `Misuse` for a login that cannot be one."""
    made = []
    try:
        with write():
            for login, name, role in people:
                account, password = open_first_account(login, name, role)
                record("account.first", by=account, on=account, role=str(role))
                made.append({"login": login, "name": name, "role": str(role), "password": password})
    except AccountRefused as error:
        raise Misuse(f"{login}: {error}") from error
    return made


@click.command()
def upgrade() -> None:
    """데이터베이스를 이 버전의 구조로 올립니다 / bring the schema to this version."""
    config = read_config()
    with offline(config), open_app(config).app_context():
        before = schema.current()
        if before is None:
            raise Misuse("아직 설치되지 않았습니다. 'portal init'을 먼저 실행하세요.")
        schema.upgrade()
        click.echo(f"데이터베이스 구조: {before} → {schema.current()}")
