"""The text form of an age X25519 identity (Bech32, as in the published age v1 format)."""

from functools import reduce
from operator import xor

import pyrage

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_PREFIX = "age-secret-key-"
_CHECKSUM_LENGTH = 6
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
#: What the five highest bits of the remainder add to it. Made once: a key is read for each range.
_FOLDED = tuple(
    reduce(xor, (g for place, g in enumerate(_GENERATORS) if top >> place & 1), 0)
    for top in range(32)
)
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}


class AgeIdentityError(ValueError):
    """The text is no X25519 identity (`AGE-SECRET-KEY-1…`)."""


def new_identity() -> str:
    """A fresh identity, `AGE-SECRET-KEY-1…`."""
    return str(pyrage.x25519.Identity.generate())


def recipient_of(identity: str) -> str:
    """The public recipient, `age1…`. Raises AgeIdentityError."""
    try:
        return str(pyrage.x25519.Identity.from_str(identity).to_public())
    except pyrage.IdentityError as error:
        raise AgeIdentityError("not an age X25519 identity") from error


def secret_of(identity: str) -> bytes:
    """The 32 secret bytes of an identity. Raises AgeIdentityError; the message holds no secret."""
    if identity not in (identity.lower(), identity.upper()):
        raise AgeIdentityError("an identity is written in one case")
    prefix, separator, data = identity.lower().rpartition("1")
    if prefix != _PREFIX or not separator or not set(data) <= _VALUES.keys():
        raise AgeIdentityError("not an age X25519 identity")
    values = [_VALUES[character] for character in data]
    if _checksum([*_expanded_prefix(), *values]) != 1:
        raise AgeIdentityError("the identity's checksum is wrong")
    secret = _to_bytes(values[:-_CHECKSUM_LENGTH])
    if len(secret) != 32:
        raise AgeIdentityError("an identity holds 32 bytes")
    return secret


def _expanded_prefix() -> list[int]:
    codes = [ord(character) for character in _PREFIX]
    return [*(code >> 5 for code in codes), 0, *(code & 31 for code in codes)]


def _checksum(values: list[int]) -> int:
    remainder = 1
    for value in values:
        remainder = (remainder & 0x1FFFFFF) << 5 ^ value ^ _FOLDED[remainder >> 25]
    return remainder


def _to_bytes(values: list[int]) -> bytes:
    """Regroup 5-bit values into bytes; what is left over must be less than 5 zero bits."""
    number = 0
    for value in values:
        number = number << 5 | value
    spare = len(values) * 5 % 8
    if spare >= 5 or number & ((1 << spare) - 1):
        raise AgeIdentityError("the identity's padding is wrong")
    return (number >> spare).to_bytes(len(values) * 5 // 8, "big")
