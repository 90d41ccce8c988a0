"""Everything that is encrypted at rest, and the keys it hangs from (decisions 1, 2, 3, 6)."""

from pathlib import Path

from portal.vault.age_reader import AgeFormatError, AgeReader
from portal.vault.blob import StoredBlob
from portal.vault.columns import ColumnCipher, ColumnCipherError
from portal.vault.day_keys import DayKeyDestroyed, DayKeyMissing, DayKeys
from portal.vault.key_replica import KeyReplica
from portal.vault.keyring import Keyring
from portal.vault.master import MasterKey, MasterKeyError
from portal.vault.store import DayKeyAlive, RecordingVault, RecordsKeyMissing, RecordsVault

__all__ = [
    "AgeFormatError",
    "AgeReader",
    "ColumnCipher",
    "ColumnCipherError",
    "DayKeyAlive",
    "DayKeyDestroyed",
    "DayKeyMissing",
    "DayKeys",
    "MasterKey",
    "MasterKeyError",
    "RecordingVault",
    "RecordsKeyMissing",
    "RecordsVault",
    "StoredBlob",
    "Vault",
]


class Vault:
    """The vault of one data folder. Making it touches no file; folders come with the first write.

    `keys/` must not be part of a backup of `vault/` (decision 2): a backup without the day keys is
    one in which destroyed recordings stay destroyed.
    """

    def __init__(self, data_dir: Path, master: MasterKey, key_replica: Path | None = None) -> None:
        keys = data_dir / "keys"
        self.master = master
        self.day_keys = DayKeys(
            keys / "days", master, KeyReplica(key_replica) if key_replica else None
        )
        self.recordings = RecordingVault(data_dir / "vault", self.day_keys)
        self.records = RecordsVault(data_dir / "vault" / "records", keys, master)
        self.keyring = Keyring(keys / "keyring.age", master)
        self.columns = ColumnCipher(self.keyring)
