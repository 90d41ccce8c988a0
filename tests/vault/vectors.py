"""The published test vectors of the age format, out of the npm package `cctv-age`."""

import base64
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

_PACKAGE = Path(__file__).parents[2] / ".deps/node_modules/cctv-age/index.js"
_VECTOR = re.compile(r'^var (\w+)_default = __toBinary\("([A-Za-z0-9+/=]*)"\);$', re.MULTILINE)


@dataclass(frozen=True)
class AgeVector:
    name: str
    expect: str
    payload_sha256: str | None
    identities: tuple[str, ...]
    armored: bool
    encrypted: bytes

    @property
    def is_ours(self) -> bool:
        """Whether it is a binary file for X25519 identities only (others must be refused)."""
        x25519 = all(identity.startswith("AGE-SECRET-KEY-1") for identity in self.identities)
        return bool(self.identities) and x25519 and not self.armored


def all_vectors() -> list[AgeVector]:
    found = _VECTOR.findall(_PACKAGE.read_text(encoding="utf-8"))
    return [_parse(name, base64.b64decode(encoded)) for name, encoded in found]


def _parse(name: str, raw: bytes) -> AgeVector:
    head, _, body = raw.partition(b"\n\n")
    fields = [line.partition(": ")[::2] for line in head.decode().splitlines()]
    values = dict(fields)
    known = {"expect", "payload", "file key", "identity", "passphrase", "armored", "comment"}
    assert set(values) <= known | {"compressed"}, f"unknown field in {name}"
    return AgeVector(
        name=name,
        expect=values["expect"],
        payload_sha256=values.get("payload"),
        identities=tuple(value for key, value in fields if key == "identity"),
        armored=values.get("armored") == "yes",
        encrypted=zlib.decompress(body) if values.get("compressed") == "zlib" else body,
    )
