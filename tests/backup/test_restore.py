"""Backup, loss, restore, verify, go on: with the replica of the day keys and without it."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

import factories
from backup.conftest import PAPER, Used, days_later, living, lose, running
from portal import audit, create_app
from portal.accounts.models import Account, LoginSession
from portal.audit.verify import verify
from portal.backup.make import make_backup
from portal.backup.restore import RestoreRefused, restore
from portal.database import write
from portal.extensions import db
from portal.retention import purge
from portal.retention.models import Tombstone
from portal.retention.reconcile import reconcile
from portal.running import Unfinished
from portal.runtime import vault
from portal.vault import DayKeyMissing
from retention import days
from vault.crash import survives_kill_before_touch


@pytest.fixture
def made(used: Used, tmp_path: Path) -> Path:
    """A backup of today; the day after, the disk is lost."""
    with running(used.config):
        make_backup(tmp_path / "backup")
    lose(used.config)
    return tmp_path / "backup"


def assert_records_are_whole(used: Used) -> None:
    assert vault().records.get(used.paper) == PAPER
    assert db.session.query(Account).filter_by(login="someone").one().email == "a@city.example"
    assert verify().sound


def assert_work_goes_on() -> None:
    """A new call comes in, is heard, dies."""
    new = days.recording(days.today_and(30))
    with vault().recordings.open(new.delete_on, new.public_id) as sound:
        assert sound.readall().startswith(days.SOUND)
    someone = factories.account()
    with write():
        audit.record("test.happened", by=someone)
    assert verify().sound
    assert not [found for found in reconcile(0) if found.kind != "record_without_row"]


def test_with_the_replica_everything_that_still_lives_can_be_heard(used: Used, made: Path) -> None:
    with days_later(1):
        done = restore(made, used.config, without_day_keys=False)

        assert (done.recovered, done.lost, done.destroyed) == (2, 0, 1)
        with running(used.config):
            assert living() == [used.last]
            with vault().recordings.open(used.in_30_days, used.last) as sound:
                assert sound.readall().startswith(days.SOUND)
            assert days.nothing_left(used.tomorrow)
            assert_records_are_whole(used)
            assert_work_goes_on()


def test_what_died_after_the_backup_is_dead_before_anything_is_served(
    used: Used, made: Path
) -> None:
    with days_later(30):
        done = restore(made, used.config, without_day_keys=False)

        assert done.destroyed == 2
        with running(used.config):
            assert living() == []
            assert days.nothing_left(used.tomorrow) and days.nothing_left(used.in_30_days)
            assert not vault().day_keys.replica_is_behind
            assert_records_are_whole(used)


def test_a_day_destroyed_before_the_loss_stays_destroyed(used: Used, tmp_path: Path) -> None:
    """The markers of the replica are newer than the backup."""
    with running(used.config):
        make_backup(tmp_path / "backup")
        with days_later(1):
            purge.run()
    lose(used.config)

    with days_later(1):
        restore(tmp_path / "backup", used.config, without_day_keys=False)
        with running(used.config):
            assert days.nothing_left(used.tomorrow)


def test_without_the_replica_the_restore_stops_until_the_loss_is_accepted(
    used: Used, made: Path
) -> None:
    config = dataclasses.replace(used.config, key_replica=None)
    with days_later(1):
        with pytest.raises(RestoreRefused, match="--without-day-keys"):
            restore(made, config, without_day_keys=False)
        with pytest.raises(Unfinished):
            create_app(config)

        done = restore(made, config, without_day_keys=True)

        assert done.lost == 1
        with running(config):
            assert living() == []
            with pytest.raises(DayKeyMissing):
                vault().day_keys.identity(used.in_30_days)
            causes = db.session.scalars(select(Tombstone.cause).order_by(Tombstone.id)).all()
            assert causes == ["retention", "lost"]
            assert_records_are_whole(used)
            assert_work_goes_on()


def test_a_replica_that_is_mounted_late_ends_the_restore(used: Used, made: Path) -> None:
    assert used.config.key_replica
    away = used.config.key_replica.with_name("away")
    used.config.key_replica.rename(away)
    with days_later(1):
        with pytest.raises(RestoreRefused):
            restore(made, used.config, without_day_keys=False)
        away.rename(used.config.key_replica)

        assert restore(made, used.config, without_day_keys=False).lost == 0


def test_nobody_is_logged_in_after_a_restore(used: Used, made: Path) -> None:
    restore(made, used.config, without_day_keys=False)

    with running(used.config):
        open_ones = select(LoginSession.id).where(LoginSession.ended_at.is_(None))
        assert db.session.scalar(open_ones) is None


def test_a_restore_never_touches_what_is_there(used: Used, tmp_path: Path) -> None:
    with running(used.config):
        make_backup(tmp_path / "backup")
        before = living()

    with pytest.raises(RestoreRefused, match="비어 있는"):
        restore(tmp_path / "backup", used.config, without_day_keys=True)

    with running(used.config):
        assert living() == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_killed_before_a_touch_of_the_disk_the_same_command_ends_it(used: Used, made: Path) -> None:
    assert used.config.key_replica
    mount = used.config.key_replica.with_name("kept-mount")
    empty = used.config.data.with_name("empty")
    shutil.copytree(used.config.key_replica, mount), shutil.copytree(used.config.data, empty)
    killed = 0
    for touch in (1, 8, 21, 40, 90):
        for folder, source in ((used.config.data, empty), (used.config.key_replica, mount)):
            shutil.rmtree(folder)
            shutil.copytree(source, folder)
        if not survives_kill_before_touch(
            touch, lambda: restore(made, used.config, without_day_keys=False)
        ):
            killed += 1
            restore(made, used.config, without_day_keys=False)
        with running(used.config):
            assert living() == sorted([used.first, used.last])
            assert_records_are_whole(used)
    assert killed >= 3
