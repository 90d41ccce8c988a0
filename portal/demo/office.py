"""What goes on in the demo's offices: a claim that waits, and an acting decider of next week."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from portal import clock
from portal.accounts.acting import Assignment, name_acting, step_roles
from portal.accounts.changes import confirm
from portal.accounts.models import Account
from portal.database import write
from portal.demo.calls import recording
from portal.demo.town import holder_of
from portal.recordings.claim import claim


def acts(staff: dict[str, Account], present: datetime) -> list[tuple[datetime, Callable[[], None]]]:
    """Each act with its moment."""

    def claim_call() -> None:
        with write():
            claim(recording("shared1"), by=staff["employee"])

    def name_for_next_week() -> None:
        role = step_roles()[0]
        monday = clock.today() + timedelta(days=7 - clock.today().weekday())
        wanted = Assignment(
            role=role,
            from_on=monday,
            last_on=monday + timedelta(days=4),
            reason="교육 (지방자치인재개발원)",
            in_place_of=holder_of(role, staff),
        )
        with write():
            named = name_acting(staff["custodian"], wanted, by=staff["custodian"])
        with write():
            confirm(named.change, by=staff["head"])

    return [
        (present - timedelta(minutes=15), claim_call),
        (present - timedelta(minutes=14), name_for_next_week),
    ]
