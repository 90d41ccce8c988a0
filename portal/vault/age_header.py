"""The header of an age v1 file: strict parsing, and the file key for an X25519 identity."""

import base64
import binascii
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal.vault.age_identity import AgeIdentityError, secret_of

_VERSION_LINE = b"age-encryption.org/v1\n"
_STANZA_START = b"-> "
_MAC_START = b"---"
_BODY_COLUMNS = 64
_LONGEST_HEADER = 64 * 1024  # bytes; a file with one recipient has about 300
_X25519_LABEL = b"age-encryption.org/v1/X25519"
_WRAPPED_FILE_KEY = 16 + 16  # the file key and its tag


class AgeFormatError(ValueError):
    """The file is not a whole, unaltered age v1 file that this identity opens."""


class AgeNoMatch(AgeFormatError):
    """The header is well-formed, but not addressed to this identity."""


@dataclass(frozen=True)
class Stanza:
    """One recipient's line: its arguments (type first) and decoded body."""

    arguments: tuple[bytes, ...]
    body: bytes


@dataclass(frozen=True)
class Header:
    """The parsed header; `authenticated` are the bytes that the MAC covers."""

    stanzas: tuple[Stanza, ...]
    authenticated: bytes
    mac: bytes

    def file_key(self, identity: str) -> bytes:
        """The 16-byte file key, its header MAC checked.

        Raises AgeNoMatch if no stanza is for `identity`, AgeFormatError for anything malformed
        and for an identity that is no X25519 one.
        """
        if any(stanza.arguments[0] == b"scrypt" for stanza in self.stanzas):
            raise AgeFormatError("passphrase files are not read here")
        wrapped = [_x25519_share(s) for s in self.stanzas if s.arguments[0] == b"X25519"]
        private = _private_key(identity)
        for share, body in wrapped:
            file_key = _unwrap(private, share, body)
            if file_key is not None:
                self._check_mac(file_key)
                return file_key
        raise AgeNoMatch("no recipient stanza is for this identity")

    def _check_mac(self, file_key: bytes) -> None:
        mac = HMAC(hkdf(file_key, salt=b"", info=b"header"), SHA256())
        mac.update(self.authenticated)
        try:
            mac.verify(self.mac)
        except InvalidSignature as error:
            raise AgeFormatError("the header was altered") from error


def hkdf(key: bytes, *, salt: bytes, info: bytes) -> bytes:
    """HKDF-SHA256 with 32 bytes of output, as everywhere in the age format."""
    return HKDF(SHA256(), 32, salt, info).derive(key)


def read_header(file: BinaryIO) -> Header:
    """Parse the header from the file's start, leaving the file behind its last line.

    Raises AgeFormatError.
    """
    file.seek(0)
    lines = _HeaderLines(file)
    if lines.next() != _VERSION_LINE:
        raise AgeFormatError("not a binary age v1 file")
    stanzas: list[Stanza] = []
    while (line := lines.next()).startswith(_STANZA_START):
        stanzas.append(Stanza(_arguments(line), _body(lines)))
    if not stanzas or not line.startswith(_MAC_START + b" "):
        raise AgeFormatError("the header has no recipient or no MAC")
    mac = _decode(line[len(_MAC_START) + 1 : -1])
    if len(mac) != 32:
        raise AgeFormatError("the header MAC is not 32 bytes")
    return Header(tuple(stanzas), lines.before_last + _MAC_START, mac)


class _HeaderLines:
    """Reads line by line, never more than the longest header allowed."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._read = b""
        self.before_last = b""

    def next(self) -> bytes:
        self.before_last = self._read
        line = self._file.readline(_LONGEST_HEADER - len(self._read))
        if not line.endswith(b"\n"):
            raise AgeFormatError("the header is cut off or too long")
        self._read += line
        return line


def _arguments(line: bytes) -> tuple[bytes, ...]:
    arguments = tuple(line[len(_STANZA_START) : -1].split(b" "))
    for argument in arguments:
        if not argument or not all(0x21 <= byte <= 0x7E for byte in argument):
            raise AgeFormatError("a recipient stanza has an invalid argument")
    return arguments


def _body(lines: _HeaderLines) -> bytes:
    """Full lines of 64 columns, ended by a shorter one, which may be empty."""
    body = b""
    while True:
        line = lines.next()[:-1]
        if len(line) > _BODY_COLUMNS:
            raise AgeFormatError("a stanza body line is too long")
        body += _decode(line)
        if len(line) < _BODY_COLUMNS:
            return body


def _decode(text: bytes) -> bytes:
    """Base64 without padding, in its only canonical spelling."""
    try:
        raw = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except binascii.Error as error:
        raise AgeFormatError("invalid base64 in the header") from error
    if base64.b64encode(raw).rstrip(b"=") != text:
        raise AgeFormatError("base64 in the header is not canonical")
    return raw


def _x25519_share(stanza: Stanza) -> tuple[bytes, bytes]:
    if len(stanza.arguments) != 2:
        raise AgeFormatError("an X25519 stanza has one argument")
    share = _decode(stanza.arguments[1])
    if len(share) != 32 or len(stanza.body) != _WRAPPED_FILE_KEY:
        raise AgeFormatError("an X25519 stanza has the wrong length")
    return share, stanza.body


def _private_key(identity: str) -> X25519PrivateKey:
    try:
        return X25519PrivateKey.from_private_bytes(secret_of(identity))
    except AgeIdentityError as error:
        raise AgeFormatError(str(error)) from error


def _unwrap(private: X25519PrivateKey, share: bytes, body: bytes) -> bytes | None:
    """The file key, or None if the stanza is for somebody else."""
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(share))
    except ValueError as error:  # an all-zero secret: the share is a point of low order
        raise AgeFormatError("an X25519 share is invalid") from error
    salt = share + private.public_key().public_bytes_raw()
    try:
        key = ChaCha20Poly1305(hkdf(shared, salt=salt, info=_X25519_LABEL))
        return key.decrypt(bytes(12), body, None)
    except InvalidTag:
        return None
