"""A new master key: nothing is lost, the old one opens nothing that is written from then on."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

import factories
from portal import audit, create_app
from portal.accounts.models import Account
from portal.audit.heads import heads
from portal.audit.verify import verify
from portal.config import Config
from portal.database import write
from portal.extensions import db
from portal.keys.change_master import note_change
from portal.runtime import vault
from portal.vault import MasterKey, MasterKeyError
from portal.vault.change_master import Change, KeyChangeUnfinished, change_master, finish
from portal.vault.key_replica import KeyReplica
from vault.crash import survives_kill_before_touch

DAY, GONE = date(2026, 12, 24), date(2026, 11, 1)


#: Keys are files: one kind of database is enough here.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def used(config: Config, tmp_path: Path) -> Iterator[Config]:
    """An installation with a recording, a paper, an address, a log, a replica; not running."""
    replica = tmp_path / "mount"
    replica.mkdir()
    KeyReplica(replica).prepare()
    config = dataclasses.replace(config, key_replica=replica)
    with create_app(config).app_context():
        account = factories.account(login="someone")
        with write():
            account.email = "a@city.example"
            audit.record("test.happened", by=account)
        vault().recordings.put(DAY, "recording1", BytesIO(b"sound"))
        vault().recordings.put(GONE, "recording2", BytesIO(b"sound"))
        vault().records.put("paper001", b"paper")
        vault().day_keys.destroy(GONE)
        db.session.remove()
        db.engine.dispose()
    yield config


def change(config: Config) -> Change:
    """What the command does."""
    changed = change_master(config.data, config.master_key_file, config.key_replica)
    with create_app(config, offline=True).app_context():
        note_change(changed)
        db.session.remove()
        db.engine.dispose()
    finish(config.data)
    return changed


def assert_all_is_readable(config: Config) -> None:
    with create_app(config).app_context():
        with vault().recordings.open(DAY, "recording1") as sound:
            assert sound.readall() == b"sound"
        assert vault().records.get("paper001") == b"paper"
        account = db.session.query(Account).filter_by(login="someone").one()
        assert account.email == "a@city.example"
        assert verify().sound
        assert vault().day_keys.is_destroyed(GONE)
        assert not vault().day_keys.replica_is_behind
        db.session.remove()
        db.engine.dispose()


def wrapped_files(config: Config) -> list[Path]:
    assert config.key_replica
    folders = (config.data / "keys", config.data / "keys/days", config.key_replica)
    return [path for folder in folders for path in folder.glob("*.age")]


def test_everything_is_readable_with_the_new_key_and_no_key_file_with_the_old(used: Config) -> None:
    old = MasterKey.load(used.master_key_file)

    changed = change(used)

    new = MasterKey.load(used.master_key_file)
    assert (changed.old_id, changed.new_id) == (old.key_id, new.key_id)
    assert MasterKey.load(changed.old_file).key_id == old.key_id
    assert_all_is_readable(used)
    assert len(wrapped_files(used)) == 4  # records, keyring, the day's key and its copy
    for path in wrapped_files(used):
        new.unwrap(path.read_bytes())
        with pytest.raises(MasterKeyError):
            old.unwrap(path.read_bytes())


def test_it_can_be_changed_again_and_again(used: Config) -> None:
    ids = {change(used).new_id for _ in range(3)}

    assert len(ids) == 3
    assert_all_is_readable(used)


def test_whoever_knew_the_old_key_cannot_write_the_log_anew(used: Config) -> None:
    change(used)
    with create_app(used).app_context():
        keys = vault().keyring.keys("audit")
        assert len(keys.by_id) == 2
        events = db.session.connection().exec_driver_sql(
            "SELECT action, key_id FROM audit_event ORDER BY seq DESC LIMIT 1"
        )
        assert events.one() == ("key.change_master", keys.current_id)
        latest = list(heads())[-1]
        assert latest is not None and latest.key_id == keys.current_id and latest.is_genuine
        db.session.remove()
        db.engine.dispose()


def test_an_interrupted_change_keeps_everything_from_starting_until_it_is_finished(
    used: Config,
) -> None:
    change_master(used.data, used.master_key_file, used.key_replica)

    with pytest.raises(KeyChangeUnfinished, match="change-master"):
        create_app(used)

    change(used)
    assert_all_is_readable(used)


def test_a_kill_before_any_touch_of_the_disk_loses_nothing(used: Config, tmp_path: Path) -> None:
    kept, replica = tmp_path / "kept", tmp_path / "kept-mount"
    assert used.key_replica
    shutil.copytree(used.data, kept), shutil.copytree(used.key_replica, replica)
    touch, killed = 1, True
    while killed:
        for folder, source in ((used.data, kept), (used.key_replica, replica)):
            shutil.rmtree(folder)
            shutil.copytree(source, folder)
        killed = not survives_kill_before_touch(
            touch, lambda: change_master(used.data, used.master_key_file, used.key_replica)
        )
        change_master(used.data, used.master_key_file, used.key_replica)
        finish(used.data)
        assert_all_is_readable(used)
        touch += 7  # each seventh: the whole walk would take a minute
    assert touch > 30


def test_a_key_file_that_opens_with_no_key_stops_it_before_anything_is_lost(used: Config) -> None:
    old = MasterKey.load(used.master_key_file)
    foreign = used.data / "keys/days/2026-12-30.age"
    foreign.write_bytes(MasterKey.create(used.data / "other.key").wrap(b"key"))

    with pytest.raises(MasterKeyError, match="2026-12-30"):
        change_master(used.data, used.master_key_file, used.key_replica)

    assert MasterKey.load(used.master_key_file).key_id == old.key_id
    foreign.unlink()
    change(used)
    assert_all_is_readable(used)


def test_it_waits_for_the_replica(used: Config) -> None:
    assert used.key_replica
    used.key_replica.rename(used.key_replica.with_name("unmounted"))

    with pytest.raises(MasterKeyError, match="not mounted"):
        change_master(used.data, used.master_key_file, used.key_replica)


def test_the_address_of_a_session_ends_with_the_old_key(used: Config) -> None:
    def secret() -> str:
        app: Flask = create_app(used)
        return str(app.config["SECRET_KEY"])

    before = secret()
    change(used)
    assert secret() != before
