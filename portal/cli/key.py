"""`portal key`: changing keys, and the second place of the day keys."""

from __future__ import annotations

from pathlib import Path

import click

from portal.cli.installation import Misuse, in_installation, offline, opened, read_config
from portal.config import Config
from portal.keys.change_columns import change_columns as write_anew
from portal.keys.change_master import note_change
from portal.running import refuse_unfinished
from portal.runtime import config, vault
from portal.vault import change_master as master_key
from portal.vault.columns import ColumnCipherError
from portal.vault.master import MasterKeyError


@click.group()
def key() -> None:
    """열쇠 변경과 열쇠 사본 / changing keys; the replica of the day keys."""


@key.command()
def change_master() -> None:
    """새 마스터 키로 바꿉니다 (포털을 멈춘 뒤) / a new master key, offline."""
    found = read_config()
    with offline(found):
        _require_own_key(found)
        try:
            change = master_key.change_master(found.data, found.master_key_file, found.key_replica)
        except (MasterKeyError, OSError) as error:
            raise Misuse(str(error)) from error
        with opened(found):
            note_change(change)
        master_key.finish(found.data)
    click.echo(
        f"마스터 키를 바꾸었습니다 ({change.old_id} → {change.new_id}).\n"
        f"새 키: {found.master_key_file} (반드시 따로 보관하십시오)\n"
        f"옛 키: {change.old_file}\n"
        "옛 백업을 열 때만 옛 키가 필요합니다. 다른 매체로 옮기고 이 서버에서는 지우십시오."
    )


def _require_own_key(found: Config) -> None:
    """Before anything is written: a change that begins with another installation's key could
    neither be finished nor taken back. One that was interrupted has been through this."""
    try:
        master_key.refuse_unfinished(found.data)
    except master_key.KeyChangeUnfinished:
        return
    with opened(found):
        pass


@key.command()
def change_columns() -> None:
    """개인정보 항목의 열쇠를 바꿉니다 (포털을 멈춘 뒤) / a new key for personal columns."""
    found = read_config()
    with offline(found), opened(found):
        try:
            refuse_unfinished(found.data)
            written = write_anew()
        except (ColumnCipherError, MasterKeyError) as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"개인정보 항목 {written}개를 새 열쇠로 다시 저장했습니다.")


@key.command()
@click.option("--prepare", is_flag=True, help="이 폴더를 열쇠 사본으로 씁니다 / begin using it.")
@in_installation
def replica(prepare: bool) -> None:
    """날짜별 열쇠의 사본(PORTAL_KEY_REPLICA)을 맞춥니다 / bring the replica in step."""
    copies = vault().day_keys.replica
    if not copies:
        raise Misuse("PORTAL_KEY_REPLICA에 다른 디스크의 폴더를 지정하십시오.")
    if prepare:
        _prepare(copies.folder)
    vault().day_keys.finish_destructions()
    recovered = vault().day_keys.keep_up_replica()
    for day in recovered:
        click.echo(f"{day} 삭제분의 열쇠를 사본에서 되찾았습니다.")
    if vault().day_keys.replica_is_behind:
        raise click.ClickException("열쇠 사본이 연결되지 않았거나 맞지 않습니다.")
    click.echo(f"열쇠 사본이 맞습니다 ({len(copies.days())}일).")


def _prepare(folder: Path) -> None:
    copies = vault().day_keys.replica
    if not folder.is_dir() or folder.resolve().is_relative_to(config().data):
        raise Misuse(f"자료 폴더 밖의, 이미 있는 폴더여야 합니다: {folder}")
    if copies:
        copies.prepare()
