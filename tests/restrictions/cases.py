"""People around a restriction, and a restriction at each of its stages."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import factories
from handover.conftest import drawn
from portal import clock
from portal.accounts.models import Account
from portal.database import write
from portal.restrictions.decide import approve, make_notice
from portal.restrictions.draft import Entry, draft
from portal.restrictions.models import UseRestriction
from portal.restrictions.serve import Receipt, serve, store_signature
from portal.roles import Role


@dataclass
class Case:
    """A custodian who drafts and serves, a head who decides, a person concerned."""

    custodian: Account = field(default_factory=lambda: factories.account(Role.CUSTODIAN))
    head: Account = field(default_factory=lambda: factories.account(Role.DIVISION_HEAD))
    person: Account = field(
        default_factory=lambda: factories.account(name="이도윤", department_name="도시개발과")
    )

    def drafted(self, **changes: Any) -> UseRestriction:
        with write():
            return draft(self.person.person, replace(entry(), **changes), by=self.custodian)

    def approved(self, **changes: Any) -> UseRestriction:
        row = self.drafted(**changes)
        notice = make_notice(row, self.head)
        with write():
            approve(row, notice, by=self.head)
        return row

    def served(self, **changes: Any) -> UseRestriction:
        row = self.approved(**changes)
        with write():
            serve(row, by_letter(), by=self.custodian)
        return row


def entry() -> Entry:
    """Ground 2, everything restricted, from today for 30 days."""
    return Entry(
        ground=2,
        facts="2026. 11. 20. 통화에서 상대방에게 고지하지 않음.",
        portal_use=True,
        phone_recording=True,
        from_on=clock.today(),
        last_on=clock.today() + timedelta(days=29),
    )


def by_letter() -> Receipt:
    return Receipt(how="registered_mail", served_at=clock.now(), note="등기 1234567890123")


def in_person(**changes: Any) -> Receipt:
    return replace(Receipt(how="in_person", served_at=clock.now()), **changes)


def signature() -> str:
    return store_signature(drawn())
