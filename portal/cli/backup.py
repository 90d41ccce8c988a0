"""`portal backup` and `portal restore`."""

from __future__ import annotations

from pathlib import Path

import click

from portal.backup.check import check
from portal.backup.databases import DatabaseTool
from portal.backup.make import BadDestination, make_backup
from portal.backup.manifest import BackupUnsound
from portal.backup.restore import Restored, RestoreRefused
from portal.backup.restore import restore as bring_back
from portal.cli.installation import Misuse, in_installation, offline, read_config
from portal.config import Config
from portal.vault.master import MasterKeyError


@click.command()
@click.argument("destination", type=click.Path(path_type=Path))
@in_installation
def backup(destination: Path) -> None:
    """날짜별 열쇠를 뺀 모든 것을 새 폴더에 백업합니다 / everything but the day keys."""
    try:
        manifest = make_backup(destination)
    except BadDestination as error:
        raise Misuse(str(error)) from error
    except (DatabaseTool, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"백업하였습니다: {destination} (파일 {len(manifest.files)}개, 통화 "
        f"{manifest.recordings}건, 접속기록 {manifest.head_seq}번까지)"
    )


@click.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--check", "only_check", is_flag=True, help="복원하지 않고 확인만 / look only.")
@click.option(
    "--without-day-keys", is_flag=True, help="열쇠를 잃은 통화를 포기합니다 / give them up."
)
def restore(source: Path, only_check: bool, without_day_keys: bool) -> None:
    """백업에서 빈 자리에 복원하고, 삭제부터 합니다 / restore, deletion first."""
    config = read_config()
    try:
        if only_check:
            _check(source, config)
            return
        config.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        config.drop.mkdir(exist_ok=True)
        with offline(config):
            _tell(bring_back(source, config, without_day_keys=without_day_keys))
    except MasterKeyError as error:
        raise Misuse(str(error)) from error
    except (BackupUnsound, DatabaseTool, RestoreRefused, OSError) as error:
        raise click.ClickException(str(error)) from error


def _check(source: Path, config: Config) -> None:
    checked = check(source, config)
    manifest = checked.manifest
    inside = (
        f"접속기록 {checked.events}건이 온전합니다"
        if checked.events is not None
        else "이전 버전의 데이터베이스여서 안은 복원할 때 확인합니다"
    )
    click.echo(
        f"온전한 백업입니다 ({manifest.made_at}, 파일 {len(manifest.files)}개). {inside}. "
        "날짜별 열쇠는 들어 있지 않습니다."
    )


def _tell(done: Restored) -> None:
    click.echo(
        f"복원하였습니다 (백업 {done.manifest.made_at}). 접속기록 {done.events}건이 온전합니다. "
        f"보관기간이 지난 통화 {done.destroyed}건을 파기하였고, 열쇠 사본에서 "
        f"{done.recovered}일의 열쇠를 되찾았습니다."
    )
    if done.lost:
        click.echo(f"열쇠를 잃어 들을 수 없게 된 통화 {done.lost}건을 파기로 적었습니다.")
    click.echo("백업 뒤에 있었던 일은 없습니다. 관리대장의 마지막 번호를 종이와 맞추어 보십시오.")
