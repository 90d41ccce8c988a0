"""Personal columns of the database, each value encrypted on its own (decision 3)."""

import base64
import binascii
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portal.vault.master import MasterKey

_SCHEME = "v1"
_NONCE = 12
_PURPOSE = "columns/v1"


class ColumnCipherError(ValueError):
    """The stored value cannot be decrypted; the message holds nothing of it."""


class ColumnCipher:
    """AES-256-GCM with a random nonce, under a key derived from the master key.

    A token reads `v1.<key_id>.<base64url of nonce and ciphertext>`. The context (say
    `person.birth_date:<id>`) is authenticated with it, so that a value moved to another row or
    column does not decrypt.
    """

    def __init__(self, master: MasterKey) -> None:
        self._key_id = master.key_id
        self._cipher = AESGCM(master.derive(_PURPOSE))

    def encrypt(self, text: str, context: str) -> str:
        """The token; another one at every call."""
        nonce = secrets.token_bytes(_NONCE)
        sealed = self._cipher.encrypt(nonce, text.encode(), self._bound(context))
        encoded = base64.urlsafe_b64encode(nonce + sealed).rstrip(b"=").decode()
        return f"{_SCHEME}.{self._key_id}.{encoded}"

    def decrypt(self, token: str, context: str) -> str:
        """The text. Raises ColumnCipherError for another key, another context, or any change."""
        bound = self._bound(context)
        scheme, _, rest = token.partition(".")
        key_id, _, encoded = rest.partition(".")
        if scheme != _SCHEME:
            raise ColumnCipherError("암호화된 값의 형식을 알 수 없습니다. (unknown scheme)")
        if key_id != self._key_id:
            raise ColumnCipherError(
                "다른 마스터 키로 암호화된 값입니다. 데이터를 만들 때 쓰던 마스터 키로 시작해 "
                f"주십시오. (key {key_id[:12]!r}, this is {self._key_id!r})"
            )
        try:
            raw = base64.b64decode(encoded + "=" * (-len(encoded) % 4), b"-_", validate=True)
            return self._cipher.decrypt(raw[:_NONCE], raw[_NONCE:], bound).decode()
        except (binascii.Error, ValueError, InvalidTag) as error:
            raise ColumnCipherError(
                "암호화된 값이 바뀌었거나 제자리의 값이 아닙니다. (altered, or of another place)"
            ) from error

    def _bound(self, context: str) -> bytes:
        if not context:
            raise ValueError("a column value has a context")
        return f"{_SCHEME}.{self._key_id}.{context}".encode()
