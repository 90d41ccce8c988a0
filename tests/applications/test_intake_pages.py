"""접수함 and the page of one application, over HTTP, with and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event

import factories
from applications.intake import (
    asked_call,
    custodian,
    from_citizen,
    from_employee,
    matched,
    received,
    state_of,
)
from applications.papers import citizen_draft, counter_officer
from client import PageClient
from portal import clock
from portal.applications.forward import forward
from portal.applications.models import Application
from portal.applications.states import State
from portal.approvals.decide import return_
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.recordings.models import Recording
from portal.roles import Role

HTMX = {"headers": {"HX-Request": "true", "HX-Request-Type": "partial"}}


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that run inside the block."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


def page(application: Application, rest: str = "") -> str:
    return f"/intake/{application.public_id}{rest}"


def pick(application: Application, recording: Recording, verb: str = "match") -> str:
    return page(application, f"/recordings/{recording.public_id}/{verb}")


def forwarded(person: factories.Account) -> Application:
    application = from_citizen()
    matched(application, asked_call(application), by=person)
    with write():
        forward(application, by=person, checked=True)
    return application


def test_the_list_shows_each_application_under_what_is_to_be_done(
    app: Flask, client: PageClient
) -> None:
    person = custodian()
    waiting, hand = from_citizen(), received(from_citizen(), person)
    lying = forwarded(person)
    client.log_in(person)

    for tab, shown in (("waiting", waiting), ("in_hand", hand), ("forwarded", lying)):
        html = client.get(f"/intake?tab={tab}").text
        others = {waiting, hand, lying} - {shown}
        assert shown.public_id in html
        assert not [a for a in others if a.public_id in html]
    everything = client.get("/intake?tab=all").text
    assert all(a.public_id in everything for a in (waiting, hand, lying))


def test_drafts_are_nowhere(app: Flask, client: PageClient) -> None:
    draft = citizen_draft(counter_officer())
    client.log_in(custodian())

    assert draft.public_id not in client.get("/intake?tab=all").text
    client.get(page(draft), status=404)
    assert client.post(page(draft, "/receive")).status_code == 404


def test_the_list_is_sorted_by_due_date_and_masked(app: Flask, client: PageClient) -> None:
    late = from_citizen()
    soon = from_citizen(applicant_name="남궁민수", asked_from=clock.now() - timedelta(days=27))
    client.log_in(custodian())

    html = client.get("/intake").text

    assert html.index(soon.public_id) < html.index(late.public_id)
    assert "남**수" in html and "남궁민수" not in html
    assert "010-****-5678" in html and "010-1234-5678" not in html
    assert "D-4" in html  # deletion of the call of 27 days ago


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ("q=홍길", True),
        ("q=길동", False),
        ("q=5678", True),
        ("q=9999", False),
        ("q=%25", False),
        ("q=" + "9" * 5000, False),
        ("since=2020-01-01&until=2999-01-01", True),
        ("since=2999-01-01", False),
        ("until=2020-01-01", False),
        ("since=yesterday&state=nonsense&tab=nonsense&page=-3&per_page=7", True),
    ],
)
@pytest.mark.both_databases
def test_the_filter_finds_by_name_last_four_digits_and_day(
    app: Flask, client: PageClient, query: str, finds: bool
) -> None:
    application = from_citizen()
    client.log_in(custodian())

    assert (application.public_id in client.get(f"/intake?{query}").text) is finds


@pytest.mark.both_databases
def test_the_filter_finds_by_control_number_and_state(app: Flask, client: PageClient) -> None:
    person = custodian()
    first, second = received(from_citizen(), person), received(from_citizen(), person)
    with write():
        second.state = State.REFUSED
    client.log_in(person)

    by_number = client.get(f"/intake?tab=all&q={first.control_no}").text
    by_state = client.get("/intake?tab=all&state=refused").text

    assert first.public_id in by_number and second.public_id not in by_number
    assert second.public_id in by_state and first.public_id not in by_state


@pytest.mark.both_databases
def test_the_number_of_queries_does_not_grow_with_the_rows(app: Flask, client: PageClient) -> None:
    person = custodian()
    client.log_in(person)
    needed = []
    for rows in (2, 8):
        for _ in range(rows):
            forwarded(person)
            received(from_employee()[0], person)
        with counted() as seen:
            client.get("/intake?tab=all")
        needed.append(len(seen))

    assert needed[0] == needed[1]


@pytest.mark.both_databases
def test_the_number_of_queries_does_not_grow_with_the_results(
    app: Flask, client: PageClient
) -> None:
    person = custodian()
    application = received(from_citizen(), person)
    client.log_in(person)
    needed = []
    for calls in (2, 12):
        for _ in range(calls):
            asked_call(application)
        client.get(page(application))
        with counted() as seen:
            client.post(page(application, "/search"), **HTMX)
        needed.append(len(seen))

    assert needed[0] == needed[1]


def test_looking_at_an_application_is_logged(app: Flask, client: PageClient) -> None:
    application, person = from_citizen(), custodian()
    client.log_in(person)

    client.get(page(application))
    client.get(page(application))

    views = db.session.query(AuditEvent).filter_by(action="view", subject=application.public_id)
    assert [v.account for v in views] == [person.public_id]


def test_the_whole_work_goes_without_scripts(app: Flask, client: PageClient) -> None:
    application, person = from_citizen(), custodian()
    call = asked_call(application)
    client.log_in(person)

    client.get(page(application))
    answer = client.post(page(application, "/receive"))
    assert "접수했습니다" in client.get(answer.location).text
    assert call.public_id in client.post(page(application, "/search"), {"number": "5678"}).text
    client.get(client.post(pick(application, call)).location)
    answer = client.post(page(application, "/forward"), {"checked": "y"})
    assert "결재에 올렸습니다" in client.get(answer.location).text

    state_of(application)
    assert application.forwarded_at
    assert [m.recording_id for m in application.matches] == [call.id]


def test_a_search_in_place_answers_with_a_fragment(app: Flask, client: PageClient) -> None:
    application, person = received(from_citizen(), p := custodian()), p
    call = asked_call(application)
    client.log_in(person)
    client.get(page(application))

    answer = client.post(page(application, "/search"), {"number": "5678"}, **HTMX)

    assert "<html" not in answer.text
    assert pick(application, call) in answer.text


@pytest.mark.parametrize(
    "query",
    ["number=12", "number=abcd", "since=2001-01-01T00:00", "until=2101-01-01T00:00", "since=x"],
)
def test_a_wrong_search_keeps_what_was_typed_and_finds_nothing(
    app: Flask, client: PageClient, query: str
) -> None:
    application = received(from_citizen(), person := custodian())
    call = asked_call(application)
    client.log_in(person)

    typed = dict([query.split("=")])
    whole = client.post(page(application, "/search"), typed)
    part = client.post(page(application, "/search"), typed, **HTMX)

    assert (whole.status_code, part.status_code) == (422, 422)
    assert call.public_id not in whole.text + part.text
    assert f'value="{query.split("=")[1]}"' in part.text
    assert "field-error" in part.text or 'class="error"' in part.text


def test_matching_in_place_updates_list_and_button(app: Flask, client: PageClient) -> None:
    application = received(from_citizen(), person := custodian())
    call = asked_call(application)
    client.log_in(person)
    client.get(page(application))

    done = client.post(pick(application, call), **HTMX)
    again = client.post(pick(application, call), **HTMX)
    off = client.post(pick(application, call, "unmatch"), **HTMX)
    off_again = client.post(pick(application, call, "unmatch"), **HTMX)

    codes = [a.status_code for a in (done, again, off, off_again)]
    assert codes == [200, 409, 200, 409]
    assert f'id="pick-{call.public_id}" hx-swap-oob="true"' in done.text
    assert "announce" in done.headers["HX-Trigger"]
    assert "이미 연결한 녹취" in again.text
    state_of(application)
    assert application.matches == []


def test_a_recording_out_of_reach_does_not_exist_here(app: Flask, client: PageClient) -> None:
    application = received(from_citizen(), person := custodian())
    far = factories.recording(called_at=clock.now() - timedelta(days=9))
    client.log_in(person)
    client.get(page(application))

    for recording_id in (far.public_id, "0" * 32, "1", str(far.id)):
        for verb in ("match", "unmatch"):
            address = page(application, f"/recordings/{recording_id}/{verb}")
            status = client.post(address).status_code
            known = verb == "unmatch" and recording_id == far.public_id
            assert status == (303 if known else 404), (recording_id, verb)
    state_of(application)
    assert application.matches == []


def test_a_recording_past_its_day_is_refused_over_http(app: Flask, client: PageClient) -> None:
    application = received(from_citizen(), person := custodian())
    call = asked_call(application, delete_on=clock.today())
    client.log_in(person)
    client.get(page(application))

    answer = client.post(pick(application, call), **HTMX)

    assert answer.status_code == 409
    assert "보관기간이 지나" in answer.text


def test_forwarding_needs_the_mark_and_a_recording(app: Flask, client: PageClient) -> None:
    person = custodian()
    bare = received(from_citizen(), person)
    ready = from_citizen()
    matched(ready, asked_call(ready), by=person)
    client.log_in(person)
    client.get(page(ready))

    unmarked = client.post(page(ready, "/forward"))
    without = client.post(page(bare, "/forward"), {"checked": "y"})

    assert unmarked.status_code == 422
    assert "이 칸에 표시해" in unmarked.text
    assert "연결된 녹취가 없습니다" in client.get(without.location).text
    state_of(ready), state_of(bare)
    assert ready.forwarded_at is None and bare.forwarded_at is None


def test_a_second_click_on_forward_is_told_so(app: Flask, client: PageClient) -> None:
    application = from_citizen()
    person = custodian()
    matched(application, asked_call(application), by=person)
    client.log_in(person)
    client.get(page(application))

    client.post(page(application, "/forward"), {"checked": "y"})
    second = client.post(page(application, "/forward"), {"checked": "y"})

    assert "결재에 올린 신청은" in client.get(second.location).text


def test_nothing_changes_while_it_lies_with_the_approvers(app: Flask, client: PageClient) -> None:
    person = custodian()
    application = forwarded(person)
    call, other = application.matches[0].recording, asked_call(application)
    client.log_in(person)
    html = client.get(page(application)).text

    assert "/match" not in html and "/unmatch" not in html and "/forward" not in html
    assert client.post(pick(application, other), **HTMX).status_code == 409
    assert client.post(pick(application, call, "unmatch"), **HTMX).status_code == 409
    assert client.post(page(application, "/search"), **HTMX).status_code == 409
    state_of(application)
    assert [m.recording for m in application.matches] == [call]


def test_the_opinion_of_a_return_stands_on_top(app: Flask, client: PageClient) -> None:
    person = custodian()
    application = forwarded(person)
    leader = factories.account(Role.TEAM_LEADER, name="박팀장")
    with write():
        return_(application, by=leader, opinion="다른 통화로 보입니다.")
    client.log_in(person)

    html = client.get(page(application)).text

    assert "반려되었습니다" in html
    assert html.index("다른 통화로 보입니다.") < html.index("신청 내용")
    assert "반려" in client.get("/intake?tab=in_hand").text


def test_the_call_applied_from_is_offered_with_one_click(app: Flask, client: PageClient) -> None:
    application, call, _ = from_employee()
    person = custodian()
    received(application, person)
    client.log_in(person)

    html = client.get(page(application)).text

    assert "신청인이 고른 통화" in html and pick(application, call) in html
    client.get(client.post(pick(application, call)).location)
    state_of(application)
    assert [m.recording_id for m in application.matches] == [call.id]


def test_somebody_it_concerns_sees_no_evidence_and_can_do_nothing(
    app: Flask, client: PageClient
) -> None:
    application, person = from_citizen(), custodian()
    enterer = application.entered_by
    with write() as session:
        session.add(factories.RoleGrant(account_id=enterer.id, role=Role.CUSTODIAN))
    call = asked_call(application)
    client.log_in(enterer)

    html = client.get(page(application)).text
    refused = client.post(page(application, "/receive"))

    assert "처리할 수 없습니다" in html and "/files/" not in html
    assert "처리할 수 없습니다" in client.get(refused.location).text
    assert state_of(application) == State.SUBMITTED
    received(application, person)
    assert client.post(pick(application, call), **HTMX).status_code == 409
    assert client.post(page(application, "/search"), **HTMX).status_code == 409
    assert client.post(page(application, "/forward"), {"checked": "y"}).status_code == 303
    state_of(application)
    assert application.matches == [] and application.forwarded_at is None


@pytest.mark.parametrize("role", [Role.COUNTER, Role.TEAM_LEADER, Role.DIVISION_HEAD, Role.AUDITOR])
def test_no_other_role_opens_any_of_it(app: Flask, client: PageClient, role: Role) -> None:
    application = from_citizen()
    call = asked_call(application)
    client.log_in(factories.account(role))
    client.get("/account")

    for address in ("/intake", page(application)):
        client.get(address, status=403)
    for address in ("/search", "/receive", "/forward"):
        assert client.post(page(application, address)).status_code == 403
    for verb in ("match", "unmatch"):
        assert client.post(pick(application, call, verb)).status_code == 403
    assert state_of(application) == State.SUBMITTED


def test_without_the_token_of_the_page_nothing_is_received(app: Flask, client: PageClient) -> None:
    application = from_citizen()
    client.log_in(custodian())
    client.get(page(application))
    client.token = "forged"

    assert client.post(page(application, "/receive")).status_code == 400
    assert state_of(application) == State.SUBMITTED
