"""The master key: an age identity in a file of its own, from which every other key hangs."""

import os
import stat
from hashlib import sha256
from pathlib import Path
from typing import Self

import pyrage
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal.vault.age_identity import AgeIdentityError, new_identity, recipient_of, secret_of
from portal.vault.age_reader import AgeReader
from portal.vault.durable import create_once, ensure_folder

_DERIVATION_SALT = b"call-recording-portal/v1"
_KEY_ID_LENGTH = 12  # hex digits
_LONGEST_FILE = 64 * 1024  # bytes


class MasterKeyError(Exception):
    """The master key cannot be used; the message says in Korean what to do."""


class MasterKey:
    """The installation's master key. Made by `create`, `load` or `from_text`.

    `recipient` is its public half (`age1…`), `key_id` a short hash of that, which ciphertexts
    carry so that keys can be changed later (decision 3).
    """

    def __init__(self, identity: str) -> None:
        try:
            self._secret = secret_of(identity)
            self.recipient = recipient_of(identity)
        except AgeIdentityError as error:
            raise MasterKeyError(
                "마스터 키의 내용이 올바르지 않습니다. AGE-SECRET-KEY-1로 시작하는 원래의 키를 "
                "넣어 주십시오. (not an age X25519 identity)"
            ) from error
        self._identity = identity
        self.key_id = sha256(self.recipient.encode()).hexdigest()[:_KEY_ID_LENGTH]

    def __repr__(self) -> str:
        return f"<MasterKey {self.key_id}>"

    @classmethod
    def create(cls, path: Path) -> Self:
        """Write a new key to `path`, mode 0600, durable. Raises MasterKeyError if it exists."""
        identity = new_identity()
        content = f"# public key: {recipient_of(identity)}\n{identity}\n"
        try:
            ensure_folder(path.parent)
            create_once(path, content.encode())
        except FileExistsError as error:
            raise MasterKeyError(
                f"마스터 키 파일이 이미 있어 새로 만들지 않았습니다: {path} "
                "그 파일을 그대로 쓰시거나 다른 자리를 지정해 주십시오. (already exists)"
            ) from error
        except OSError as error:
            raise MasterKeyError(
                f"마스터 키 파일을 만들 수 없습니다: {path} 폴더의 권한과 남은 공간을 확인해 "
                f"주십시오. ({error.strerror})"
            ) from error
        return cls(identity)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the key. Raises MasterKeyError if missing, unreadable, wrong, or not private."""
        try:
            return cls.from_text(_read_private(path))
        except FileNotFoundError as error:
            raise MasterKeyError(
                f"마스터 키 파일이 없습니다: {path} 보관해 둔 키를 그 자리에 두거나 "
                "PORTAL_MASTER_KEY_FILE에 파일의 자리를 지정해 주십시오. 처음 설치하신다면 "
                "`portal init`을 실행해 주십시오. (not found)"
            ) from error
        except (OSError, UnicodeDecodeError) as error:
            raise MasterKeyError(
                f"마스터 키 파일을 읽을 수 없습니다: {path} 파일의 소유자와 내용을 확인해 "
                f"주십시오. ({type(error).__name__})"
            ) from error

    @classmethod
    def from_text(cls, text: str) -> Self:
        """From the content of an identity file: comments, and exactly one key."""
        lines = [line.strip() for line in text.splitlines()]
        keys = [line for line in lines if line and not line.startswith("#")]
        if len(keys) != 1:
            raise MasterKeyError(
                f"마스터 키는 한 개여야 하는데 {len(keys)}개가 있습니다. AGE-SECRET-KEY-1로 "
                "시작하는 줄을 하나만 남겨 주십시오. (expected exactly one key)"
            )
        return cls(keys[0])

    def derive(self, purpose: str, length: int = 32) -> bytes:
        """A key of `length` bytes for one purpose, HKDF-SHA256 over the identity's secret."""
        if not purpose:
            raise ValueError("a derived key has a purpose")
        return HKDF(SHA256(), length, _DERIVATION_SALT, purpose.encode()).derive(self._secret)

    def wrap(self, data: bytes) -> bytes:
        """Encrypt to this key as an age file."""
        return bytes(pyrage.encrypt(data, [pyrage.x25519.Recipient.from_str(self.recipient)]))

    def open(self, path: Path) -> AgeReader:
        """Read a file encrypted to this key, however large. Raises AgeFormatError, OSError."""
        return AgeReader(path.open("rb"), self._identity)

    def unwrap(self, data: bytes) -> bytes:
        """Decrypt what `wrap` made. Raises MasterKeyError for another key's or altered data."""
        identity = pyrage.x25519.Identity.from_str(self._identity)
        try:
            return bytes(pyrage.decrypt(data, [identity]))
        except pyrage.DecryptError as error:
            raise MasterKeyError(
                "이 마스터 키로는 열쇠를 열 수 없습니다. 데이터를 만들 때 쓰던 마스터 키가 "
                "맞는지 확인해 주십시오. (wrong master key, or the wrapped key is damaged)"
            ) from error


def _read_private(path: Path) -> str:
    """The text of a regular file nobody but its owner may read. Raises MasterKeyError, OSError."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError("not a regular file")
        if status.st_mode & 0o077:
            raise MasterKeyError(
                f"마스터 키 파일을 다른 사용자도 읽을 수 있어 쓰지 않았습니다: {path} "
                f"`chmod 600 {path}`를 실행한 뒤 다시 시작해 주십시오. "
                f"(mode {stat.S_IMODE(status.st_mode):04o})"
            )
        return file.read(_LONGEST_FILE).decode()
