"""Personal columns of the database, each value encrypted on its own (decision 3)."""

import base64
import binascii
import re
import secrets
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portal.vault.keyring import Keyring

_SCHEME = "v2"
_UNBOUND_SCHEME = "v1"
_NONCE = 12
_ROW = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


class ColumnCipherError(ValueError):
    """The stored value cannot be decrypted; the message holds nothing of it."""


class Opened(NamedTuple):
    """A decrypted value and the row it was written for."""

    text: str
    row: str


class ColumnCipher:
    """AES-256-GCM with a random nonce, under the key in force of the keyring's `columns`.

    A token reads `v2.<key_id>.<row>.<base64url of nonce and ciphertext>`. The column (say
    `account.email`) and the row are authenticated with it: a value moved to another column does
    not decrypt, one moved to another row still names the row it came from.
    """

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def encrypt(self, text: str, column: str, row: str) -> str:
        """The token; another one at every call. `row` is 1 to 64 letters, digits, `-`, `_`."""
        if not _ROW.fullmatch(row):
            raise ValueError("a column value belongs to a row with an opaque id")
        keys = self._keyring.keys("columns")
        nonce, bound = secrets.token_bytes(_NONCE), _bound(keys.current_id, column, row)
        sealed = AESGCM(keys.current).encrypt(nonce, text.encode(), bound)
        encoded = base64.urlsafe_b64encode(nonce + sealed).rstrip(b"=").decode()
        return f"{_SCHEME}.{keys.current_id}.{row}.{encoded}"

    def decrypt(self, token: str, column: str) -> Opened:
        """The text and its row. Raises ColumnCipherError for another key, another column, or any
        change. Whether it is the right row, only the caller knows."""
        scheme, _, rest = token.partition(".")
        key_id, _, rest = rest.partition(".")
        row, _, encoded = rest.partition(".")
        if scheme != _SCHEME:
            raise ColumnCipherError("암호화된 값의 형식을 알 수 없습니다. (unknown scheme)")
        return Opened(self._open(key_id, encoded, _bound(key_id, column, row)), row)

    def decrypt_unbound(self, token: str, column: str) -> str:
        """A value of the scheme before rows were bound; only for the data step that binds them."""
        scheme, _, rest = token.partition(".")
        key_id, _, encoded = rest.partition(".")
        if scheme != _UNBOUND_SCHEME:
            raise ColumnCipherError("암호화된 값의 형식을 알 수 없습니다. (unknown scheme)")
        return self._open(key_id, encoded, f"{_UNBOUND_SCHEME}.{key_id}.{column}".encode())

    def is_current(self, token: str) -> bool:
        """Whether the token is bound to a row and made with the key in force."""
        current = self._keyring.keys("columns").current_id
        return token.startswith(f"{_SCHEME}.{current}.")

    @staticmethod
    def is_unbound(token: str) -> bool:
        return token.startswith(f"{_UNBOUND_SCHEME}.")

    def _open(self, key_id: str, encoded: str, bound: bytes) -> str:
        keys = self._keyring.keys("columns")
        if key_id not in keys.by_id:
            raise ColumnCipherError(
                "다른 마스터 키로 암호화된 값입니다. 데이터를 만들 때 쓰던 마스터 키와 "
                "keys/keyring.age로 시작해 주십시오. "
                f"(key {key_id[:12]!r}, in force {keys.current_id!r})"
            )
        try:
            raw = base64.b64decode(encoded + "=" * (-len(encoded) % 4), b"-_", validate=True)
            return AESGCM(keys.by_id[key_id]).decrypt(raw[:_NONCE], raw[_NONCE:], bound).decode()
        except (binascii.Error, ValueError, InvalidTag) as error:
            raise ColumnCipherError(
                "암호화된 값이 바뀌었거나 제자리의 값이 아닙니다. (altered, or of another place)"
            ) from error


def _bound(key_id: str, column: str, row: str) -> bytes:
    if not column:
        raise ValueError("a value belongs to a column")
    return f"{_SCHEME}.{key_id}.{column}:{row}".encode()
