"""The keyed chain: each event's MAC covers its own fields and the MAC before it."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime

GENESIS = "0" * 64


@dataclass(frozen=True)
class Entry:
    """The fields of one event that the MAC covers."""

    seq: int
    at: datetime
    action: str
    account: str | None
    origin: str
    subject_kind: str | None
    subject: str | None
    reason: str | None
    detail: str
    key_id: str


def mac(key: bytes, before: str, entry: Entry) -> str:
    """HMAC-SHA256 over the previous MAC and the entry, as 64 hexadecimal digits."""
    fields = [
        before,
        entry.seq,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.action,
        entry.account,
        entry.origin,
        entry.subject_kind,
        entry.subject,
        entry.reason,
        entry.detail,
        entry.key_id,
    ]
    text = json.dumps(fields, ensure_ascii=True, separators=(",", ":"))
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
