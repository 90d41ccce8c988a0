import os
import sys
from datetime import date, timedelta
from pathlib import Path

import pyrage
import pytest

from portal.vault import DayKeyDestroyed, DayKeyMissing, DayKeys, MasterKey, MasterKeyError
from vault.crash import start, survives_kill_before_touch, wait_for

DAY = date(2026, 12, 24)


def material(folder: Path) -> list[Path]:
    """Every file that could hold a day's key, wrapped or half-made."""
    return [path for path in folder.glob("*") if ".age" in path.name]


def test_the_recipient_stays_the_same_and_belongs_to_the_identity(day_keys: DayKeys) -> None:
    recipient = day_keys.recipient(DAY)

    assert day_keys.recipient(DAY) == recipient
    identity = pyrage.x25519.Identity.from_str(day_keys.identity(DAY))
    assert str(identity.to_public()) == recipient


def test_each_day_has_its_own_key(day_keys: DayKeys) -> None:
    days = [DAY + timedelta(number) for number in range(3)]

    assert len({day_keys.recipient(day) for day in days}) == 3
    assert day_keys.days() == days
    assert day_keys.destroyed_days() == []


def test_the_key_on_the_disk_is_wrapped_and_private(day_keys: DayKeys, tmp_path: Path) -> None:
    day_keys.recipient(DAY)

    path = tmp_path / "days" / "2026-12-24.age"
    assert b"AGE-SECRET-KEY" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_another_master_key_does_not_open_a_day(day_keys: DayKeys, tmp_path: Path) -> None:
    day_keys.recipient(DAY)
    other = DayKeys(tmp_path / "days", MasterKey.create(tmp_path / "other.key"))

    with pytest.raises(MasterKeyError):
        other.identity(DAY)


def test_a_day_without_a_key_says_so(day_keys: DayKeys) -> None:
    with pytest.raises(DayKeyMissing):
        day_keys.identity(DAY)

    assert day_keys.days() == []


def test_a_destroyed_day_has_no_key_and_never_gets_one_again(
    day_keys: DayKeys, tmp_path: Path
) -> None:
    day_keys.recipient(DAY)

    day_keys.destroy(DAY)

    assert day_keys.is_destroyed(DAY)
    assert day_keys.destroyed_days() == [DAY]
    assert day_keys.days() == []
    assert material(tmp_path / "days") == []
    for use in (day_keys.identity, day_keys.recipient):
        with pytest.raises(DayKeyDestroyed):
            use(DAY)
    assert material(tmp_path / "days") == []


def test_a_day_that_never_had_a_key_can_be_destroyed(day_keys: DayKeys) -> None:
    day_keys.destroy(DAY)

    with pytest.raises(DayKeyDestroyed):
        day_keys.recipient(DAY)


def test_other_days_survive_a_destruction(day_keys: DayKeys) -> None:
    other = DAY + timedelta(1)
    identity = (day_keys.recipient(DAY), day_keys.recipient(other), day_keys.identity(other))[2]

    day_keys.destroy(DAY)
    day_keys.destroy(DAY)

    assert day_keys.identity(other) == identity


def test_a_key_put_back_from_a_copy_opens_nothing_and_is_removed(
    day_keys: DayKeys, tmp_path: Path
) -> None:
    day_keys.recipient(DAY)
    path = tmp_path / "days" / "2026-12-24.age"
    copy = path.read_bytes()
    day_keys.destroy(DAY)
    path.write_bytes(copy)

    with pytest.raises(DayKeyDestroyed):
        day_keys.identity(DAY)
    with pytest.raises(DayKeyDestroyed):
        day_keys.recipient(DAY)

    assert day_keys.finish_destructions() == [DAY]
    assert day_keys.finish_destructions() == []
    assert material(tmp_path / "days") == []


def test_a_leftover_of_a_killed_maker_dies_with_its_day(day_keys: DayKeys, tmp_path: Path) -> None:
    day_keys.recipient(DAY)
    folder = tmp_path / "days"
    (folder / ".2026-12-24.age.00ff.tmp").hardlink_to(folder / "2026-12-24.age")
    (folder / ".2026-12-25.age.00ff.tmp").write_bytes(b"of another day")

    day_keys.destroy(DAY)

    assert [path.name for path in material(folder)] == [".2026-12-25.age.00ff.tmp"]


def test_destruction_is_finished_after_a_kill_between_any_two_steps(
    day_keys: DayKeys, tmp_path: Path
) -> None:
    number, half_done = 1, 0

    while True:
        day = DAY + timedelta(number)
        day_keys.recipient(day)
        if survives_kill_before_touch(number, lambda day=day: day_keys.destroy(day)):
            break
        if day_keys.is_destroyed(day):
            half_done += 1
            with pytest.raises(DayKeyDestroyed):
                day_keys.identity(day)
        else:
            day_keys.identity(day)
        day_keys.destroy(day)
        number += 1

    assert half_done >= 1
    assert material(tmp_path / "days") == []


def test_a_kill_anywhere_while_making_a_key_leaves_a_usable_day(day_keys: DayKeys) -> None:
    number = 1

    while True:
        day = DAY + timedelta(number)
        if survives_kill_before_touch(number, lambda day=day: day_keys.recipient(day)):
            break
        identity = pyrage.x25519.Identity.from_str(
            (day_keys.recipient(day), day_keys.identity(day))[1]
        )
        assert str(identity.to_public()) == day_keys.recipient(day)
        number += 1

    assert number > 3


def test_processes_at_once_agree_on_one_key(day_keys: DayKeys, tmp_path: Path) -> None:
    days = [DAY + timedelta(number) for number in range(10)]

    def ask() -> None:
        answers = "\n".join(day_keys.recipient(day) for day in days)
        (tmp_path / f"answers-{os.getpid()}").write_text(answers)

    wait_for([start(ask) for _ in range(4)])

    answers = {path.read_text() for path in tmp_path.glob("answers-*")}
    assert len(answers) == 1
    assert answers == {"\n".join(day_keys.recipient(day) for day in days)}


def test_whoever_wins_a_race_with_destruction_no_key_remains(
    day_keys: DayKeys, tmp_path: Path
) -> None:
    days = [DAY + timedelta(number) for number in range(40)]

    def make() -> None:
        for day in days:
            try:
                day_keys.recipient(day)
            except DayKeyDestroyed:
                continue

    def destroy() -> None:
        for day in days:
            day_keys.destroy(day)

    wait_for([start(make), start(destroy), start(make), start(destroy)])

    assert material(tmp_path / "days") == []
    assert day_keys.destroyed_days() == days


def test_a_maker_that_was_late_takes_its_key_back(day_keys: DayKeys, tmp_path: Path) -> None:
    """The day is destroyed just before the maker gives its key the name."""

    def make_late() -> None:
        destroyed = False

        def destroy_before_the_link(event: str, _arguments: tuple[object, ...]) -> None:
            nonlocal destroyed
            if event == "os.link" and not destroyed:
                destroyed = True
                folder = tmp_path / "days"
                (folder / "2026-12-24.destroyed").write_bytes(b"")  # as far as a destroyer got

        sys.addaudithook(destroy_before_the_link)
        with pytest.raises(DayKeyDestroyed):
            day_keys.recipient(DAY)

    wait_for([start(make_late)])

    assert day_keys.is_destroyed(DAY)
    assert material(tmp_path / "days") == []


def test_strange_names_in_the_folder_are_no_days(day_keys: DayKeys, tmp_path: Path) -> None:
    day_keys.recipient(DAY)
    for name in ("notes.age", "2026-13-01.age", "20261224.age", "2026-12-24x.destroyed"):
        (tmp_path / "days" / name).touch()

    assert day_keys.days() == [DAY]
    assert day_keys.destroyed_days() == []
