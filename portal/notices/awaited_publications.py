"""제3자 제공: what the law wants made public within its days (개인정보 보호법 제18조†)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from portal.approvals.standing import holders_of
from portal.ledger.third_party import Entry, waiting_entries
from portal.notices.kinds import Kind
from portal.notices.people import in_order
from portal.notices.steps import ON_THE_DAY, step_of, working_days_left
from portal.notices.telling import Telling
from portal.roles import Role


def of_publications(today: date) -> Iterator[Telling]:
    """To the custodians on the set days before, on the last day to the head as well."""
    for entry in waiting_entries():
        step = step_of(today, entry.publish_by)
        if step is None:
            continue
        yield from _tellings(entry, step, working_days_left(today, entry.publish_by))


def _tellings(entry: Entry, step: int, left: int) -> Iterator[Telling]:
    key = f"publish:{entry.row.public_id}:{step}"
    kind = Kind.PUBLICATION_LATE if step == ON_THE_DAY else Kind.TO_PUBLISH
    told = holders_of(Role.CUSTODIAN)
    if step == ON_THE_DAY:
        told = told + holders_of(Role.DIVISION_HEAD)
    for account in in_order(told, but=None):
        yield Telling(kind, account, f"{key}:{account.id}", number=left)
