"""부서·내선: the custodian's pages."""

from __future__ import annotations

import base64
import re
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

import factories
from client import PageClient
from portal import clock
from portal.accounts.models import Account, Department, Extension, ExtensionHolding, Person
from portal.database import write
from portal.extensions import db
from portal.masking import masked_name
from portal.recordings.models import CallLeg
from portal.recordings.parties import is_own_call
from portal.roles import Role

DAY = timedelta(days=1)
CSV = "부서명,구분,시작일\n도시과,본청,2020-01-01\n"


@pytest.fixture
def custodian(client: PageClient) -> Account:
    account = factories.account(Role.CUSTODIAN)
    client.log_in(account)
    return account


def upload(client: PageClient, content: bytes, kind: str = "departments") -> str:
    client.get("/organisation/import")
    answer = client.post(
        "/organisation/import", {"kind": kind, "file": (BytesIO(content), "목록.csv")}
    )
    assert answer.status_code in (200, 422)
    return answer.text


def names() -> set[str]:
    return set(db.session.scalars(select(Department.name)))


def test_a_department_is_added_and_ended_but_never_deleted(
    client: PageClient, custodian: Account
) -> None:
    client.get("/organisation")
    client.post("/organisation", {"name": "새과", "kind": "본청", "from_on": "2020-01-01"})
    row = db.session.scalars(select(Department).where(Department.name == "새과")).one()
    yesterday = (clock.today() - DAY).isoformat()

    client.get("/organisation")
    client.post(f"/organisation/departments/{row.public_id}/end", {"last_on": yesterday})

    db.session.refresh(row)
    assert row.until_on == clock.today()
    assert "종료" in client.get("/organisation").text


def test_a_department_in_which_people_sit_is_not_ended(
    client: PageClient, custodian: Account
) -> None:
    office = db.session.scalars(select(Department).where(Department.name == "민원과")).one()
    client.get("/organisation")

    client.post(f"/organisation/departments/{office.public_id}/end", {"last_on": "2026-01-01"})

    assert "소속된 직원" in client.get("/organisation").text
    db.session.refresh(office)
    assert office.until_on is None


def test_wrong_input_stays_on_the_page(client: PageClient, custodian: Account) -> None:
    client.get("/organisation")
    for fields in (
        {"name": "", "kind": "본청", "from_on": "2020-01-01"},
        {"name": "새과", "kind": "없는 구분", "from_on": "2020-01-01"},
        {"name": "새과", "kind": "본청", "from_on": "언젠가"},
    ):
        assert client.post("/organisation", fields).status_code == 422
    client.get("/organisation/extensions")
    for holding in (
        {"number": "2101", "kind": "전용", "employee_no": "없음", "from_on": "2020-01-01"},
        {"number": "가나", "kind": "전용", "employee_no": "E1", "from_on": "2020-01-01"},
    ):
        assert client.post("/organisation/extensions", holding).status_code == 422
    assert names() == {"민원과"} and not db.session.scalars(select(Extension)).all()


def test_an_unknown_extension_is_registered_and_its_calls_find_their_owner(
    client: PageClient, custodian: Account
) -> None:
    owner, call = factories.account(), factories.recording()
    with write() as session:
        at = call.called_at
        session.add(CallLeg(recording_id=call.id, number="2101", from_at=at, until_at=at))
    html = client.get("/organisation/unknown").text
    assert "2101" in html and "1건" in html
    assert 'value="2101"' in client.get("/organisation/extensions?number=2101").text

    number = owner.person.employee_no or ""
    fields = {"number": "2101", "kind": "전용", "employee_no": number, "from_on": "2026-01-01"}
    with clock.at(call.called_at):
        fields["from_on"] = (clock.today() - DAY).isoformat()
    client.post("/organisation/extensions", fields)

    assert "모르는 내선이 없습니다" in client.get("/organisation/unknown").text
    assert is_own_call(call, db.session.get_one(Person, owner.person_id))
    assert masked_name(owner.name) in client.get("/organisation/extensions").text


def test_a_holding_ends_after_a_day_and_stays_in_the_history(
    client: PageClient, custodian: Account
) -> None:
    owner = factories.account()
    line = factories.extension("2102", owner.person)
    holding = db.session.scalars(select(ExtensionHolding)).one()
    html = client.get(f"/organisation/extensions/{line.public_id}").text
    assert owner.name in html and "종료" in html

    today = clock.today().isoformat()
    client.post(f"/organisation/holdings/{holding.public_id}/end", {"last_on": today})

    db.session.refresh(holding)
    assert holding.until_on == clock.today() + DAY
    client.post(f"/organisation/holdings/{holding.public_id}/end", {"last_on": "2019-01-01"})
    db.session.refresh(holding)
    assert holding.until_on == clock.today() + DAY


def test_a_file_is_looked_at_first_and_then_written(client: PageClient, custodian: Account) -> None:
    html = upload(client, CSV.encode())
    assert "아직 반영하지 않았습니다" in html and "도시과" not in names()
    found = re.search(r'name="content" value="([^"]+)"', html)
    assert found and base64.b64decode(found[1]) == CSV.encode()

    answer = client.post("/organisation/import", {"kind": "departments", "content": found[1]})

    assert answer.status_code == 303 and "도시과" in names()
    assert "추가 1건" in client.get("/organisation/import").text


def test_a_wrong_file_offers_no_way_to_write_it(client: PageClient, custodian: Account) -> None:
    html = upload(client, (CSV + "새과,달나라,2020-01-01\n").encode())
    assert "고칠 줄이 1건" in html and "이대로 반영" not in html

    for content in (b"\x00\x01", b"PK\x03\x04", b""):
        assert "이대로 반영" not in upload(client, content)
    for typed in ("", "!!!", "AAAA"):
        client.get("/organisation/import")
        answer = client.post("/organisation/import", {"kind": "departments", "content": typed})
        assert answer.status_code == 422
    client.get("/organisation/import")
    answer = client.post("/organisation/import", {"kind": "x", "content": "AAAA"})
    assert answer.status_code == 422 and names() == {"민원과"}


def test_leavers_are_listed_until_their_account_is_closed(
    client: PageClient, custodian: Account
) -> None:
    leaver, stays = factories.account(name="나간이"), factories.account(name="남은이")
    with write():
        leaver.person.postings[0].until_on = clock.today()
    html = client.get("/organisation/leavers").text
    assert leaver.login in html and "나*이" in html and stays.login not in html

    client.get(f"/accounts/{leaver.public_id}")
    client.post(f"/accounts/{leaver.public_id}/close")

    assert "닫을 계정이 없습니다" in client.get("/organisation/leavers").text
