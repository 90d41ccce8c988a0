"""A new master key: every key file is wrapped anew, the sound and the papers stay as they are.

Offline. Killed at any line, the next call goes on where it stopped: the journal says from which
key to which, and each file opens with one of the two. Until the end no part of the portal starts.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from portal.vault.day_keys import DayKeys
from portal.vault.durable import (
    fsync_directory,
    remove_durably,
    remove_old_temporaries,
    temporaries,
    write_durably,
)
from portal.vault.key_replica import KeyReplica
from portal.vault.keyring import Keyring
from portal.vault.master import MasterKey, MasterKeyError


class KeyChangeUnfinished(MasterKeyError):
    """A change of the master key was interrupted: it must be finished first."""


@dataclass(frozen=True)
class Change:
    """From which master key to which, and where the old one lies now."""

    old_id: str
    new_id: str
    old_file: Path


def refuse_unfinished(data: Path) -> None:
    """Raises `KeyChangeUnfinished`."""
    if _journal(data).exists():
        raise KeyChangeUnfinished(
            "마스터 키 변경이 끝나지 않았습니다. 'portal key change-master'를 다시 실행해 "
            "마치십시오. (key change unfinished)"
        )


def change_master(data: Path, master_file: Path, replica: Path | None) -> Change:
    """Make a new master key and put it in place of the old one, which is kept beside it.

    `finish` ends the change. Raises MasterKeyError where a file opens with neither key; the old
    key is still in place then. OSError where a disk cannot be written to.
    """
    change = _begun(data, master_file)
    new_file = _new_file(master_file)
    switched = MasterKey.load(master_file).key_id == change.new_id
    old = MasterKey.load(change.old_file if switched else master_file)
    new = MasterKey.load(master_file if switched else new_file)
    for path in _wrapped_files(data, old, replica):
        _wrap_anew(path, old, new)
    if not switched:
        with suppress(FileExistsError):
            change.old_file.hardlink_to(master_file)
        fsync_directory(master_file.parent)
        new_file.replace(master_file)
    fsync_directory(master_file.parent)
    return change


def finish(data: Path) -> None:
    """The change is on record: the portal may start again."""
    remove_durably(_journal(data))


def _begun(data: Path, master_file: Path) -> Change:
    journal = _journal(data)
    if not journal.exists():
        old, new_file = MasterKey.load(master_file), _new_file(master_file)
        for rest in temporaries(new_file.parent, new_file.name):  # a key that was never used
            rest.unlink(missing_ok=True)
        new = MasterKey.load(new_file) if new_file.exists() else MasterKey.create(new_file)
        # What is derived from the old key must outlive it.
        Keyring(data / "keys" / "keyring.age", old).write_down()
        write_durably(journal, [f"{old.key_id} {new.key_id}\n".encode()])
    old_id, new_id = journal.read_text().split()
    return Change(old_id, new_id, master_file.with_name(f"{master_file.name}.{old_id}"))


def _wrapped_files(data: Path, old: MasterKey, replica: Path | None) -> Iterator[Path]:
    keys = data / "keys"
    days = DayKeys(keys / "days", old, KeyReplica(replica) if replica else None)
    days.finish_destructions()  # nothing of a destroyed day is wrapped anew
    folders = [keys / "days"]
    if replica:
        if not KeyReplica(replica).is_there:
            raise MasterKeyError(
                f"열쇠 사본이 연결되어 있지 않습니다: {replica} 연결한 뒤 다시 실행하십시오. "
                "(key replica not mounted)"
            )
        folders.append(replica)
    for folder in folders:
        if folder.is_dir():
            remove_old_temporaries(folder, 0)  # nobody else is at work
            yield from sorted(folder.glob("*.age"))
    yield from (path for path in sorted(keys.glob("*.age")) if path.is_file())


def _wrap_anew(path: Path, old: MasterKey, new: MasterKey) -> None:
    content = path.read_bytes()
    try:
        new.unwrap(content)
    except MasterKeyError:
        try:
            plain = old.unwrap(content)
        except MasterKeyError as error:
            raise MasterKeyError(
                f"이 열쇠 파일은 지금의 마스터 키로 열리지 않습니다: {path} 백업이나 열쇠 사본에서 "
                "되돌린 뒤 다시 실행하십시오. (opens with neither key)"
            ) from error
        write_durably(path, [new.wrap(plain)])


def _journal(data: Path) -> Path:
    return data / "keys" / "master.change"


def _new_file(master_file: Path) -> Path:
    return master_file.with_name(f"{master_file.name}.new")
