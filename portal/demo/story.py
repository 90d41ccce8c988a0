"""What happened in the demo's town before you came: applications in every state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from portal import clock
from portal.accounts.acting import step_roles
from portal.accounts.models import Account
from portal.applications.draft import (
    CitizenEntry,
    OwnEntry,
    new_citizen_draft,
    new_draft_from_call,
    save_draft,
)
from portal.applications.evidence import attach, take
from portal.applications.forward import forward
from portal.applications.match import match
from portal.applications.models import Application
from portal.applications.signature import keep, sign
from portal.applications.submit import submit
from portal.applications.take_in import take_in
from portal.approvals.decide import approve, refuse, return_, review
from portal.database import write
from portal.demo import papers, provision, side_ways
from portal.demo.calls import BY_KEY, recording
from portal.demo.town import holder_of
from portal.handover.hand_over import hand_over
from portal.handover.prepare import make_unsigned, prepare
from portal.handover.sign import sign as sign_receipt
from portal.handover.sign import store_signature
from portal.words import worded

Act = Callable[[], None]
STAGES = ("draft", "submitted", "received", "forwarded", "reviewed", "approved", "handed_over")


@dataclass(frozen=True)
class Citizen:
    name: str
    born: date
    address: str


CITIZENS = {
    "citizen-submitted": Citizen("오세영", date(1988, 4, 2), "이천시 중리천로 31, 2층"),
    "citizen-received": Citizen("문가람", date(1975, 9, 17), "이천시 부발읍 경충대로 2050"),
    "citizen-forwarded": Citizen("배도현", date(1969, 1, 30), "이천시 장호원읍 서동대로 8759"),
    "citizen-reviewed": Citizen("신유나", date(1993, 12, 5), "이천시 이섭대천로 1200, 301호"),
    "citizen-supplement": Citizen("하준서", date(1990, 3, 8), "이천시 신둔면 원적로 290"),
    "citizen-none": Citizen("민서후", date(1972, 11, 2), "이천시 설봉로 81"),
    "citizen-heard": Citizen("남궁민수", date(1981, 6, 21), "이천시 증신로 153"),
}
PURPOSES = (
    (
        "민원 처리 내용 확인",
        "안내받은 처리 기한과 실제 통보된 기한이 달라 당시 안내 내용을 확인하고자 합니다.",
    ),
    (
        "민원 분쟁 사실관계 확인",
        "통화 중 폭언이 있었는지에 대한 이견이 있어 당시 통화 내용을 확인하려 합니다.",
    ),
    (
        "인허가 상담 내용 확인",
        "개발행위허가 상담에서 들은 구비서류 목록이 달라 통화 내용을 다시 듣고자 합니다.",
    ),
)


class Story:
    """The acts of the demo, each at its time of day, in the order in which they happened."""

    def __init__(self, staff: dict[str, Account]) -> None:
        self.staff = staff
        self.present = clock.now()
        self.applications: dict[str, Application] = {}
        self.acts: list[tuple[datetime, Act]] = []

    def plan(self) -> list[tuple[datetime, Act]]:
        """Every act with its moment."""
        self._employee("gone", "employee", until="forwarded", start=2)
        self._employee("closed", "employee2", until="handed_over")
        self._employee("heard", "employee", until="handed_over", start=7)
        self._provided("provided", "employee", provision.pack)
        self._provided("taken", "employee2", provision.take)
        self._citizen("citizen-heard", until="handed_over", start=6)
        self._employee("refused", "employee", until="reviewed", ending=self._refuse)
        self._employee("approved", "employee2", until="approved", start=5)
        self._citizen("citizen-reviewed", until="reviewed", start=4)
        self._employee("reviewed", "employee2", until="reviewed", start=4)
        self._citizen("citizen-forwarded", until="forwarded", start=3)
        self._employee("forwarded", "employee", until="forwarded", start=2)
        self._employee("returned", "employee2", until="forwarded", start=2, ending=self._return)
        self._citizen("citizen-received", until="received", start=2)
        self._citizen(
            "citizen-supplement",
            until="received",
            start=2,
            ending=self._way(side_ways.ask_for_more),
        )
        self._employee(
            "withdrawn", "employee2", until="received", ending=self._way(side_ways.give_up)
        )
        self._citizen(
            "citizen-none", until="received", start=2, ending=self._way(side_ways.find_nothing)
        )
        registered = BY_KEY["official"].called_at(self.present) + timedelta(days=3)
        register = partial(side_ways.register, self.staff["custodian"], self.present)
        self.acts.append((registered, register))
        self._citizen("citizen-submitted", until="submitted", start=2)
        self._employee("submitted", "employee2", until="submitted", start=1)
        self._employee("draft", "employee", until="draft", start=0)
        return self.acts

    def _employee(
        self,
        key: str,
        login: str,
        *,
        until: str,
        start: int = 1,
        kind: str = "inspection",
        ending: Callable[[str], None] | None = None,
    ) -> None:
        """An employee's application, begun `start` days after the call, moved on to a stage."""
        call = BY_KEY[key]
        begun = call.called_at(self.present) + timedelta(days=start, hours=1)

        def file() -> None:
            purpose, reason = PURPOSES[len(key) % 3]
            with write():
                by = self.staff[login]
                row = new_draft_from_call(recording(key), by=by, disclosure_type=kind)
                entry = OwnEntry(disclosure_type=kind, purpose=purpose, reason=reason)
                save_draft(row, entry, by=by)
            self.applications[key] = row

        self._follow(key, login, begun, file, until, ending)

    def _provided(self, key: str, login: str, end: Callable[[Application, Account], None]) -> None:
        """A 제공 that was handed over, and what the employee then does with its file."""
        self._employee(
            key,
            login,
            until="handed_over",
            start=6,
            kind="provision",
            ending=lambda key: end(self.applications[key], self.staff[login]),
        )

    def _way(self, act: Callable[[Application, Account], None]) -> Callable[[str], None]:
        return lambda key: act(self.applications[key], self.staff["custodian"])

    def _citizen(
        self,
        key: str,
        *,
        until: str,
        start: int,
        ending: Callable[[str], None] | None = None,
    ) -> None:
        """A citizen's application, entered at the counter."""
        call = BY_KEY[key]
        begun = call.called_at(self.present) + timedelta(days=start, hours=1)

        def file() -> None:
            officer = self.staff["counter"]
            paper = papers.certificate(
                "통신사 가입사실확인서",
                [
                    f"가입자  {CITIZENS[key].name}",
                    "가입번호  (본인 확인용)",
                    "발급일  최근 1개월 이내",
                ],
            )
            evidence = take(paper, "가입사실확인서.png", paper="통신사 가입사실확인서")
            with write():
                row = new_citizen_draft(by=officer)
                save_draft(row, self._entry(key), by=officer)
                attach(row, evidence, by=officer)
            self.applications[key] = row

        self._follow(key, "counter", begun, file, until, ending)

    def _entry(self, key: str) -> CitizenEntry:
        citizen, call = CITIZENS[key], BY_KEY[key]
        purpose, reason = PURPOSES[len(key) % 3]
        return CitizenEntry(
            ground=2,
            applicant_name=citizen.name,
            birth_date=citizen.born,
            address=citizen.address,
            contact=call.outside,
            relation_to_subject="본인",
            party_check="통신사 가입사실확인서",
            identity_document="주민등록증",
            caller_number=call.outside,
            callee_number=call.extension,
            asked_from=call.called_at(self.present) - timedelta(minutes=20),
            asked_until=call.called_at(self.present) + timedelta(minutes=40),
            purpose=purpose,
            reason=reason,
        )

    def _follow(
        self,
        key: str,
        login: str,
        begun: datetime,
        file: Act,
        until: str,
        ending: Callable[[str], None] | None,
    ) -> None:
        """Lay the acts from filing up to a stage in time, some hours apart."""
        steps: list[Act] = [file]
        handling = [
            lambda: self._submit(key, login),
            lambda: self._receive(key),
            lambda: self._forward(key),
            lambda: self._review(key),
            lambda: self._approve(key),
            lambda: self._hand_over(key),
        ]
        steps += handling[: STAGES.index(until)]
        if ending:
            steps.append(lambda: ending(key))
        latest = self.present - timedelta(minutes=20)
        apart = min(timedelta(hours=7), (latest - begun) / len(steps))
        for number, step in enumerate(steps):
            self.acts.append((begun + number * apart, step))

    def _submit(self, key: str, login: str) -> None:
        row, by = self.applications[key], self.staff[login]
        file = keep(papers.signature(row.applicant_name))
        with write():
            sign(row, file, by=by)
            submit(row, by=by)

    def _receive(self, key: str) -> None:
        take_in(self.applications[key], by=self.staff["custodian"])

    def _forward(self, key: str) -> None:
        with write():
            match(self.applications[key], recording(key), by=self.staff["custodian"])
            forward(self.applications[key], by=self.staff["custodian"], checked=True)

    def _review(self, key: str) -> None:
        for role in step_roles()[:-1]:  # none where one step decides
            with write():
                review(self.applications[key], by=holder_of(role, self.staff))

    def _approve(self, key: str) -> None:
        with write():
            approve(self.applications[key], by=self._decider())

    def _refuse(self, key: str) -> None:
        opinion = "신청사유가 통화 상대방과의 사적인 분쟁으로, 시스템의 설치 목적과 맞지 않습니다."
        with write():
            refuse(self.applications[key], by=self._decider(), opinion=opinion)

    def _return(self, key: str) -> None:
        opinion = worded(
            "신청서에 적힌 시각과 대조한 {recording}의 시각이 맞는지 다시 확인하여 올려 주십시오."
        )
        with write():
            first = holder_of(step_roles()[0], self.staff)
            return_(self.applications[key], by=first, opinion=opinion)

    def _decider(self) -> Account:
        return holder_of(step_roles()[-1], self.staff)

    def _hand_over(self, key: str) -> None:
        row, custodian = self.applications[key], self.staff["custodian"]
        document = make_unsigned(row, custodian)
        identity = "공무원증" if row.applicant else "주민등록증"
        with write():
            receipt = prepare(row, document, by=custodian, identity_document=identity)
        names = {"transferee": row.applicant_name, "transferor": custodian.name}
        blobs = {side: store_signature(papers.signature(name)) for side, name in names.items()}
        with write():
            sign_receipt(
                receipt, "transferee", blobs["transferee"], sha256=document.sha256, by=custodian
            )
            sign_receipt(
                receipt, "transferor", blobs["transferor"], sha256=document.sha256, by=custodian
            )
        hand_over(receipt, by=custodian)
