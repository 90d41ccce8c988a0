"""The secrets beneath the master key that outlive a change of it, in `keys/keyring.age`.

Three purposes have keys here: personal columns, the log's chain, and the hashes of quarantined
files. An installation that never changed a key has no such file: its keys are derived from the
master key, and the first change writes them down before it replaces anything.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from portal.vault.durable import ensure_folder, write_durably
from portal.vault.master import MasterKey, MasterKeyError

#: Purpose → what the key of an installation without a keyring is derived for.
PURPOSES = {
    "columns": "columns/v1",
    "audit": "audit-chain",
    "quarantine": "quarantine-hashes",
}
_SECRET = 32  # bytes
_ID = 6  # bytes, written as hexadecimal digits


class UnknownKey(MasterKeyError):
    """Something was made with a key that is not on the keyring."""


@dataclass(frozen=True)
class Keys:
    """The keys of one purpose by id, oldest first; the last one is in force."""

    by_id: dict[str, bytes]

    @property
    def current_id(self) -> str:
        return next(reversed(self.by_id))

    @property
    def current(self) -> bytes:
        return self.by_id[self.current_id]

    def place(self, key_id: str) -> int:
        """How many keys were in force before this one; -1 for an unknown key."""
        return list(self.by_id).index(key_id) if key_id in self.by_id else -1


class Keyring:
    """The keys of every purpose. Read from the disk once, at their first use."""

    def __init__(self, path: Path, master: MasterKey) -> None:
        self.path = path
        self._master = master
        self._kept: dict[str, Keys] | None = None

    def keys(self, purpose: str) -> Keys:
        """Raises MasterKeyError where the file is wrapped for another master key."""
        return self._all()[purpose]

    def begin(self, purpose: str) -> str:
        """Put a new key in force, durable; those before it stay readable. Returns its id."""
        key_id = secrets.token_hex(_ID)
        old = self._all()
        added = {**old[purpose].by_id, key_id: secrets.token_bytes(_SECRET)}
        self._write({**old, purpose: Keys(added)})
        return key_id

    def drop_retired(self, purpose: str) -> None:
        """Forget every key of a purpose but the one in force, durable."""
        old = self._all()
        current = old[purpose]
        self._write({**old, purpose: Keys({current.current_id: current.current})})

    def write_down(self) -> None:
        """Make the file where there is none, so that the master key can change."""
        if not self.path.exists():
            self._write(self._all())

    def _all(self) -> dict[str, Keys]:
        if self._kept is None:
            self._kept = self._read()
        return self._kept

    def _read(self) -> dict[str, Keys]:
        if not self.path.exists():
            own = self._master.key_id
            return {
                purpose: Keys({own: self._master.derive(label)})
                for purpose, label in PURPOSES.items()
            }
        stored = json.loads(self._master.unwrap(self.path.read_bytes()))
        return {
            purpose: Keys({key_id: bytes.fromhex(key) for key_id, key in stored[purpose]})
            for purpose in PURPOSES
        }

    def _write(self, keys: dict[str, Keys]) -> None:
        stored = {
            purpose: [[key_id, key.hex()] for key_id, key in one.by_id.items()]
            for purpose, one in keys.items()
        }
        ensure_folder(self.path.parent)
        write_durably(self.path, [self._master.wrap(json.dumps(stored).encode())])
        self._kept = keys
