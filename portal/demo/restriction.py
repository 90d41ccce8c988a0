"""The demo's restriction (제9조), served and lifted again; and a call without prior notice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from portal import clock
from portal.accounts.models import Account
from portal.database import write
from portal.demo import papers
from portal.demo.calls import BY_KEY, recording
from portal.recordings import prior_notice
from portal.restrictions.decide import approve, lift, make_notice
from portal.restrictions.draft import Entry, draft
from portal.restrictions.models import UseRestriction
from portal.restrictions.serve import Receipt, serve, store_signature
from portal.words import worded

Act = Callable[[], None]
_CALL = "e1"  # nobody told the other party


class Restriction:
    """The acts, each at its time; nothing of it is in force when the demo is opened."""

    def __init__(self, staff: dict[str, Account], present: datetime) -> None:
        self.staff, self.present = staff, present
        self.row: UseRestriction | None = None

    def plan(self) -> list[tuple[datetime, Act]]:
        """Every act with its moment."""
        first = self.present - timedelta(days=24)
        told = BY_KEY[_CALL].called_at(self.present) + timedelta(minutes=20)
        return [
            (first, self._draft),
            (first + timedelta(hours=2), self._decide),
            (first + timedelta(hours=5), self._serve),
            (first + timedelta(days=6), self._lift),
            (told, self._say_that_nobody_told),
        ]

    def _draft(self) -> None:
        entry = Entry(
            ground=2,
            facts=worded(
                "민원 통화 2건에서 상대방에게 {recording} 사실을 고지하지 않고 {recording}하였음을 "
                "본인이 확인함. 사전고지 교육을 마칠 때까지 내선의 녹음을 제한하고자 함."
            ),
            portal_use=False,
            phone_recording=True,
            from_on=clock.today(),
            last_on=clock.today() + timedelta(days=13),
        )
        with write():
            self.row = draft(self.staff["employee2"].person, entry, by=self.staff["custodian"])

    def _decide(self) -> None:
        row, head = self._drafted(), self.staff["head"]
        notice = make_notice(row, head)
        with write():
            approve(row, notice, by=head)

    def _serve(self) -> None:
        blob = store_signature(papers.signature(self.staff["employee2"].name))
        receipt = Receipt(how="in_person", served_at=clock.now(), signature=blob)
        with write():
            serve(self._drafted(), receipt, by=self.staff["custodian"])

    def _lift(self) -> None:
        with write():
            lift(self._drafted(), by=self.staff["head"], reason="사전고지 교육을 마침.")

    def _say_that_nobody_told(self) -> None:
        with write():
            prior_notice.state(recording(_CALL), "none", by=self.staff["employee"])

    def _drafted(self) -> UseRestriction:
        assert self.row is not None  # noqa: S101  (drafted first)
        return self.row
