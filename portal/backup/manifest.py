"""What a backup says about itself, sealed with a key that hangs from the master key.

A backup is a folder laid out like the data folder: `database.age` (the database, encrypted to the
master key), `vault/`, `keys/` without the day keys, settings and the log's heads, `manifest.json`
and its seal `manifest.mac`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from portal.vault.durable import write_durably
from portal.vault.master import MasterKey

MANIFEST, SEAL, DATABASE = "manifest.json", "manifest.mac", "database.age"
_PIECE = 1024 * 1024


class BackupUnsound(Exception):
    """The backup is not as it was made; the message says in Korean what is wrong."""


@dataclass(frozen=True)
class Manifest:
    """`files`: path inside the backup → size in bytes and SHA-256. `head`: the end of the log."""

    made_at: str
    key_id: str
    database: str
    schema: str
    head_seq: int
    head_mac: str
    files: dict[str, tuple[int, str]]

    @property
    def recordings(self) -> int:
        return sum(name.startswith("vault/days/") for name in self.files)

    def write(self, folder: Path, master: MasterKey) -> None:
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode()
        write_durably(folder / MANIFEST, [text])
        write_durably(folder / SEAL, [_seal(text, master).encode()])


def read(folder: Path, master: MasterKey) -> Manifest:
    """Raises BackupUnsound where it is missing, altered, or of another master key."""
    try:
        text, seal = (folder / MANIFEST).read_bytes(), (folder / SEAL).read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BackupUnsound(f"백업 폴더가 아니거나 목록이 없습니다: {folder}") from error
    if not hmac.compare_digest(_seal(text, master).encode(), seal.encode()):
        raise BackupUnsound(
            "백업의 목록이 바뀌었거나 다른 마스터 키로 만든 백업입니다. 백업을 만들 때의 마스터 "
            "키를 지정하십시오."
        )
    stored: dict[str, Any] = json.loads(text)
    files = {name: (size, sha256) for name, (size, sha256) in stored.pop("files").items()}
    return Manifest(**stored, files=files)


def problems(folder: Path, manifest: Manifest) -> Iterator[str]:
    """Each file that is missing, altered, added, or must not be in a backup."""
    present = {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()} - {
        MANIFEST,
        SEAL,
    }
    for name in sorted(present - set(manifest.files)):
        yield f"목록에 없는 파일: {name}"
    for name, expected in sorted(manifest.files.items()):
        if is_day_key(name):
            yield f"백업에 있어서는 안 되는 날짜별 열쇠: {name}"
        elif name not in present:
            yield f"없는 파일: {name}"
        elif measure(folder / name) != expected:
            yield f"내용이 바뀐 파일: {name}"


def is_day_key(name: str) -> bool:
    """Whether a path is (a rest of) a day key; their markers may be in a backup."""
    return name.startswith("keys/days/") and not name.endswith(".destroyed")


def measure(path: Path) -> tuple[int, str]:
    """Size in bytes and SHA-256 in hex."""
    size, digest = 0, hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            size += len(piece)
            digest.update(piece)
    return size, digest.hexdigest()


def _seal(text: bytes, master: MasterKey) -> str:
    return hmac.digest(master.derive("backup-manifest"), text, "sha256").hex()
