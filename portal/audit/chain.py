"""The keyed chain: each event's MAC covers its own fields and the MAC before it."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from json.encoder import encode_basestring_ascii as quoted

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
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    return mac_of_fields(
        key,
        before,
        entry.seq,
        at,
        entry.action,
        entry.account,
        entry.origin,
        entry.subject_kind,
        entry.subject,
        entry.reason,
        entry.detail,
        entry.key_id,
    )


def mac_of_fields(
    key: bytes,
    before: str,
    seq: int,
    at: str,
    action: str,
    account: str | None,
    origin: str,
    subject_kind: str | None,
    subject: str | None,
    reason: str | None,
    detail: str,
    key_id: str,
) -> str:
    """The same from plain fields: `verify` asks for a million of them.

    `at` is in UTC, `2026-11-24T00:00:00.000000+00:00`. The MAC covers the JSON list of everything
    in this order, ASCII, without spaces. Raises TypeError for what is not text.
    """
    text = (
        f'["{before}",{seq:d},"{at}",{quoted(action)},'
        f"{'null' if account is None else quoted(account)},{quoted(origin)},"
        f"{'null' if subject_kind is None else quoted(subject_kind)},"
        f"{'null' if subject is None else quoted(subject)},"
        f"{'null' if reason is None else quoted(reason)},{quoted(detail)},{quoted(key_id)}]"
    )
    return hmac.digest(key, text.encode(), "sha256").hex()
