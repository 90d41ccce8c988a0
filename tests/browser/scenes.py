"""Installations to look at: a town where nothing happened yet, the demo's, and a full one."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

import factories
from portal import clock
from portal.accounts.models import Account, Extension
from portal.announcements import announce
from portal.applications.draft import CitizenEntry, new_citizen_draft, save_draft
from portal.applications.evidence import attach, take
from portal.applications.forward import forward
from portal.applications.match import match
from portal.applications.models import Application
from portal.applications.states import State
from portal.approvals.decide import approve, review
from portal.database import write
from portal.demo import papers
from portal.demo.build import build
from portal.demo.calls import EMPLOYEE, recording
from portal.demo.town import found_town
from portal.extensions import db
from portal.handover.prepare import make_unsigned, prepare
from portal.ledger.write_row import write_row
from portal.packages.models import Package
from portal.restrictions import decide, serve
from portal.restrictions.draft import Entry, draft
from portal.restrictions.models import UseRestriction

LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff-남궁"
LONG_TEXT = (
    "안내받은 구비서류 목록과 처리 기한이 실제로 통보된 내용과 달라 당시 통화에서 어떻게 "
    "안내하였는지 확인하고, 이후의 민원 처리에 참고하고자 합니다. "
)


def empty() -> None:
    """The people alone."""
    found_town()
    db.session.rollback()


def typical() -> None:
    """The demo, and what nobody in it happens to be in the middle of."""
    build()
    _prepare_a_receipt()
    _approve_an_agencys()
    _hand_out_again()
    _fill_in_at_the_counter()
    for stage in ("drafted", "approved", "served"):
        _restrict(stage)
    db.session.rollback()


def full() -> None:
    """Long names and texts, more rows than a page shows."""
    typical()
    line = db.session.scalars(select(Extension).where(Extension.number == EMPLOYEE)).one()
    for n in range(60):
        _long_application(n, line)
    db.session.rollback()


def account(login: str) -> Account:
    return db.session.scalars(select(Account).where(Account.login == login)).one()


def applications(state: State, **fields: object) -> list[Application]:
    """The newest first."""
    statement = select(Application).where(Application.state == state).filter_by(**fields)
    return list(db.session.scalars(statement.order_by(Application.id.desc())))


def _prepare_a_receipt() -> None:
    """Form 2 of one approved application lies ready to be signed, another is not begun."""
    custodian, row = account("custodian"), applications(State.APPROVED)[0]
    with write():
        approve(applications(State.REVIEWED, applicant_kind="citizen")[0], by=account("head"))
    document = make_unsigned(row, custodian)
    with write():
        prepare(row, document, by=custodian, identity_document="공무원증")


def _fill_in_at_the_counter() -> None:
    """A citizen's draft that lacks the signature alone: the screen may be turned to them."""
    filed, officer = applications(State.SUBMITTED, applicant_kind="citizen")[0], account("counter")
    paper = papers.certificate("통신사 가입사실확인서", ["발급일  최근 1개월 이내"])
    evidence = take(paper, "가입사실확인서.png", paper="통신사 가입사실확인서")
    entry = CitizenEntry(
        applicant_name="오세영",
        birth_date=date(1988, 4, 2),
        address="이천시 중리천로 31, 2층",
        contact="01016180339",
        relation_to_subject="본인",
        party_check="통신사 가입사실확인서",
        identity_document="주민등록증",
        caller_number=filed.caller_number,
        callee_number=filed.callee_number,
        asked_from=filed.asked_from,
        asked_until=filed.asked_until,
        purpose="민원 처리 내용 확인",
        reason=LONG_TEXT,
    )
    with write():
        row = new_citizen_draft(by=officer)
        save_draft(row, entry, by=officer)
        attach(row, evidence, by=officer)


def _restrict(stage: str) -> None:
    """A restriction of `employee2`, who is greeted with it where it is in force."""
    custodian, head = account("custodian"), account("head")
    entry = Entry(
        ground=1,
        facts=LONG_TEXT * 2,
        portal_use=True,
        phone_recording=False,
        from_on=clock.today(),
        last_on=clock.today() + timedelta(days=30),
    )
    with write():
        row: UseRestriction = draft(account("employee2").person, entry, by=custodian)
    if stage == "drafted":
        return
    notice = decide.make_notice(row, head)
    with write():
        decide.approve(row, notice, by=head)
    if stage == "served":
        blob = serve.store_signature(papers.signature("이도윤"))
        receipt = serve.Receipt(how="in_person", served_at=clock.now(), signature=blob)
        with write():
            serve.serve(row, receipt, by=custodian)


def _long_application(n: int, line: Extension) -> None:
    """In turn for the team leader, for the head, or in the ledger; the call lies in the past."""
    state = (State.RECEIVED, State.REVIEWED, State.APPROVED)[n % 3]
    call = factories.recording(
        line,
        called_at=clock.now() - timedelta(days=n % 25, hours=n, minutes=11),
        caller=f"0505{12340000 + n}",
        callee=line.number,
    )
    row = factories.forwarded_application(
        call,
        state=state,
        control_no=f"{clock.today().year}-{5000 + n}",
        applicant_name=LONG_NAME if n % 4 == 0 else f"황보선우{n}",
        applicant_kind="organisation" if n % 4 == 0 else "citizen",
        disclosure_type="provision" if n % 2 else "inspection",
        address="경기도 이천시 장호원읍 서동대로8759번길 123-45, 한국아파트 1203동 2504호",
        purpose=LONG_TEXT[:60],
        reason=LONG_TEXT * 4,
        due_on=clock.today() + timedelta(days=n % 12 - 2),
        entered_by=account("counter"),
        received_by=account("custodian"),
        leader=account("leader"),
        head=account("head"),
    )
    with write():
        announce("application.forward", row)
        if state == State.APPROVED:
            write_row(
                row,
                basis="제7조제1항제2호",
                transferor_name="최민준",
                transferee_name=row.applicant_name,
                affiliation=row.address or "",
            )


def _approve_an_agencys() -> None:
    """The 공문 of the demo has its call and both decisions: it may be answered."""
    row, custodian = applications(State.RECEIVED, ground=4)[0], account("custodian")
    with write():
        match(row, recording("official"), by=custodian)
        forward(row, by=custodian, checked=True)
    with write():
        review(row, by=account("leader"))
    with write():
        approve(row, by=account("head"))


def _hand_out_again() -> None:
    """The demo's file that waits is handed out again: its password was not looked at yet."""
    with write() as session:
        first = session.scalars(select(Package).where(Package.state == "ready")).one()
        first.state, first.ended_at, first.end_reason = "void", clock.now(), "replaced"
        again = Package(application=first.application, number=2, offered_by=first.offered_by)
        again.reason = "저장매체 분실"
        session.add(again)
