"""One rule for names and numbers: lists mask them; who acted in office is named.

Whom a row is about (신청인, 인수자, 대상자, 직원, 통화의 상대방) is masked in every list; a page
about one of them, and official papers, show them whole. The table below has every list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

import pytest
from flask import Flask

import factories
from client import PageClient
from destruction.test_confirm import taken
from notices.conftest import set_mail
from packages.provision import provided
from portal import clock
from portal.accounts.close_account import set_closing
from portal.accounts.models import Account
from portal.applications.models import Application
from portal.applications.states import State
from portal.database import write
from portal.masking import masked_name, shown_applicant, shown_recipient
from portal.notices.kinds import Kind
from portal.notices.models import CallTask, Mail, Notice
from portal.notices.tell import tell
from portal.restrictions.models import UseRestriction
from portal.roles import Role

CITIZEN, CITIZEN_MASKED = "홍길동", "홍*동"
STAFF, STAFF_MASKED = "남궁민수", "남**수"
OUTSIDE, OUTSIDE_MASKED = "010-1234-5678", "010-****-5678"
WHOLE = (CITIZEN, STAFF, OUTSIDE, "01012345678")


_numbers = count()


@dataclass(frozen=True)
class List_:  # noqa: N801
    """`shows`: what of a person the list shows, masked; "" where it shows nothing of anybody."""

    address: str
    who: str
    shows: str


LISTS = (
    List_("/log", "auditor", STAFF_MASKED),  # first: the others' logins push it down
    List_("/intake?tab=all", "custodian", CITIZEN_MASKED),
    List_("/applications/counter", "counter", CITIZEN_MASKED),
    List_("/call-tasks", "counter", CITIZEN_MASKED),
    List_("/handover", "custodian", CITIZEN_MASKED),
    List_("/packages", "custodian", CITIZEN_MASKED),
    List_("/destruction", "custodian", CITIZEN_MASKED),
    List_("/approvals", "leader", CITIZEN_MASKED),
    List_("/ledger", "auditor", CITIZEN_MASKED),
    List_("/restrictions", "head", STAFF_MASKED),
    List_("/accounts", "custodian", STAFF_MASKED),
    List_("/organisation/people", "custodian", STAFF_MASKED),
    List_("/organisation/leavers", "custodian", STAFF_MASKED),
    List_("/organisation/extensions", "custodian", STAFF_MASKED),
    List_("/notices/mails", "custodian", STAFF_MASKED),
    List_("/notices?show=all", "custodian", ""),
    List_("/calls", "party", OUTSIDE_MASKED),
    List_("/calls/shared", "party", OUTSIDE_MASKED),
)


@pytest.fixture
def people(app: Flask) -> dict[str, Account]:
    """A small town in which every list has a row about 홍길동 or 남궁민수."""
    set_mail(app, 1)
    desk = factories.account(Role.COUNTER)
    party = factories.account(name=STAFF)
    factories.recording(factories.extension("0316442101", party.person))
    factories.recording(factories.extension("0316442102", party.person, desk.person))
    taken(provided(citizen=True))
    provided(citizen=True)
    waiting = _application(desk)
    _application(desk, state=State.APPROVED)
    _leaver()
    custodian = factories.account(Role.CUSTODIAN)
    _rows(waiting, party, desk, custodian)
    return {
        "custodian": custodian,
        "counter": desk,
        "leader": factories.account(Role.TEAM_LEADER),
        "head": factories.account(Role.DIVISION_HEAD),
        "auditor": factories.account(Role.AUDITOR),
        "party": party,
    }


def _application(desk: Account, **fields: object) -> Application:
    return factories.forwarded_application(
        entered_by=desk,
        office_id=desk.person.postings[0].department_id,
        control_no=f"2026-9{next(_numbers):03d}",
        **fields,  # type: ignore[arg-type]
    )


def _leaver() -> None:
    leaver = factories.account(name=STAFF)
    with write():
        leaver.person.postings[0].until_on = clock.today()
        set_closing(leaver, clock.today() + timedelta(days=9), by=None)


def _rows(waiting: Application, party: Account, desk: Account, drafter: Account) -> None:
    with write() as session:
        session.add(
            CallTask(
                application_id=waiting.id,
                kind="application.approve",
                account_id=desk.id,
                office_id=waiting.office_id,
            )
        )
        party.email = "x@city.example"
        tell(party, Kind.CLOSED)
        session.flush()
        for mail in session.query(Mail).join(Notice).where(Notice.account_id == party.id):
            mail.state, mail.error = "dropped", "550"
        session.add(
            UseRestriction(
                number="R-1",
                person_id=party.person_id,
                ground=1,
                facts="사실",
                portal_use=False,
                phone_recording=True,
                from_on=clock.today(),
                drafted_by_id=drafter.id,
            )
        )


def text_of(page: str) -> str:
    """The page's main part as somebody reads or hears it, with what hints and labels say."""
    main = page.split("<main", 1)[1].split("</main>", 1)[0]
    return re.sub(r"\s+", " ", main)


def test_every_list_masks_whom_it_is_about(client: PageClient, people: dict[str, Account]) -> None:
    client.log_in(people["party"])
    client.get("/account")  # so that the log has a line of the party
    wrong = []
    for row in LISTS:
        shown = text_of(client.log_in(people[row.who]).get(row.address).text)
        if row.shows not in shown:
            wrong.append(f"{row.address} does not show {row.shows}")
        wrong += [f"{row.address} shows {whole}" for whole in WHOLE if whole in shown]

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("김", "김"),
        ("김철", "김*"),
        ("홍길동", "홍*동"),
        ("남궁민수", "남**수"),
        ("한국행정전화협동조합", "한****합"),
    ],
)
def test_a_mask_is_never_longer_than_four_stars(name: str, shown: str) -> None:
    assert masked_name(name) == shown


@pytest.mark.parametrize(
    ("kind", "applicant", "recipient", "shown"),
    [
        ("citizen", "홍길동", "홍길동", "홍*동"),
        ("proxy", "홍길동", "김대리 (홍길동의 대리인)", "김*리 (홍*동의 대리인)"),
        ("organisation", "한빛 (주)", "이수령 (한빛 (주))", "이*령 (한빛 (주))"),
        ("organisation", "이천경찰서", "이천경찰서", "이천경찰서"),
        ("citizen", "홍길동", "김대리 (남궁민수)", "김*리 (남**수)"),
    ],
)
def test_an_organisation_is_whole_and_who_comes_for_it_is_masked(
    kind: str, applicant: str, recipient: str, shown: str
) -> None:
    assert shown_recipient(recipient, applicant, kind) == shown
    assert shown_recipient(recipient, applicant, kind, whole=True) == recipient
    is_whole = shown_applicant(applicant, kind) == applicant
    assert is_whole is (kind == "organisation")
