"""The log of two years as a real chain: every event sealed by the portal's own code."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta

from volume.sink import Sink, Value, stamp
from volume.town import Town

from portal import clock
from portal.audit.chain import GENESIS, Entry, mac
from portal.audit.record import audit_key

EVENT = (
    "seq", "at", "action", "account", "origin", "subject_kind", "subject", "reason", "detail",
    "key_id", "mac",
)  # fmt: skip
ACTIONS = ("view",) * 6 + ("login.success", "login.end", "ledger.search", "otp.used")


def put_log(
    sink: Sink, town: Town, applications: list[str], count: int, dice: random.Random
) -> None:
    """`count` events, evenly over 700 days; the chain's head points at the last."""
    key_id, key = audit_key()
    start, step = clock.now() - timedelta(days=700), timedelta(days=700) / max(count, 1)
    head = GENESIS

    def events() -> Iterator[tuple[Value, ...]]:
        nonlocal head
        for n in range(1, count + 1):
            at, action = start + n * step, dice.choice(ACTIONS)
            subject = dice.choice(applications) if action == "view" and applications else None
            kind = "application" if subject else None
            account = dice.choice(town.accounts)
            entry = Entry(n, at, action, account, "10.1.2.3", kind, subject, None, "{}", key_id)
            head = mac(key, head, entry)
            row = (n, stamp(at), action, account, "10.1.2.3", kind, subject, None, "{}", key_id)
            yield (*row, head)

    sink.put("audit_event", EVENT, events())
    sink.run(f"UPDATE audit_head SET seq = {count}, mac = '{head}' WHERE id = 1")
