"""The answer to a 보완요구 may correct numbers and time; Form 1 is signed and printed anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader

from applications.intake import (
    asked_call,
    custodian,
    from_citizen,
    from_employee,
    received,
    refuses,
)
from applications.papers import drawn
from applications.test_act_pages import page
from applications.test_official import registered
from client import PageClient
from portal import clock
from portal.accounts.models import Account
from portal.applications import signature
from portal.applications.correct import CallFacts
from portal.applications.evidence import CheckedFile
from portal.applications.forward import CannotForward, forward
from portal.applications.match import match, unmatch
from portal.applications.models import Application
from portal.applications.not_found import NotSearched, close_as_not_found
from portal.applications.progress import events_of
from portal.applications.search import search
from portal.applications.signature import signature_of
from portal.applications.states import State
from portal.applications.submit import Incomplete
from portal.applications.supplement import answer_supplement, request_supplement
from portal.applications.take_in import take_in
from portal.database import write
from portal.documents import issue
from portal.runtime import vault


def asked(application: Application, person: Account) -> Application:
    with write():
        until = clock.today() + timedelta(days=2)
        request_supplement(application, by=person, text="번호를 확인해 주십시오.", until=until)
    return application


def waiting() -> tuple[Application, Account]:
    person = custodian()
    application = from_citizen()
    take_in(application, by=person)
    return asked(application, person), person


def facts(application: Application, **changes: Any) -> CallFacts:
    return replace(CallFacts.of(application), **changes)


def signed(shift: int = 40) -> CheckedFile:
    return signature.keep(signature.from_pad(drawn(shift=shift)))


def text_of(application: Application) -> str:
    pdf = issue.read(issue.issued_for(application, "form1")[0])
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_what_changed_stays_in_the_history(app: Flask) -> None:
    application, _person = waiting()
    before = signature_of(application)
    assert before and application.asked_from
    old, new = before.public_id, application.asked_from + timedelta(hours=2)

    with write():
        done = answer_supplement(
            application,
            by=application.entered_by,
            facts=facts(application, caller_number="01033334444", asked_from=new),
            signature=signed(),
        )

    assert application.state == State.RECEIVED and application.caller_number == "01033334444"
    changes = application.transitions[-1].changes
    assert changes and [one["field"] for one in changes] == ["송신번호", "통화일시"]
    assert (changes[0]["before"], changes[0]["after"]) == ("010-1234-5678", "010-3333-4444")
    assert events_of(application)[-1]["changes"] == changes
    assert events_of(application, facts=False)[-1]["changes"] == []
    now = signature_of(application)
    assert now and now.public_id != old and done.replaced == [old] and done.prints_anew
    signature.drop(done.replaced)
    assert old not in set(vault().records.blobs())


def test_nobody_corrects_form_1_without_the_applicants_signature(app: Flask) -> None:
    application, _person = waiting()

    with pytest.raises(Incomplete) as refused, write():
        answer_supplement(
            application,
            by=application.entered_by,
            text="고쳤습니다.",
            facts=facts(application, caller_number="01033334444"),
        )

    assert [error.field for error in refused.value.errors] == ["signature"]
    assert application.caller_number == "01012345678"


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("caller_number", {"caller_number": ""}),
        ("called_department", {"callee_number": None}),
        ("called_department", {"called_department": "민원과 800304-1234567"}),
        ("asked_from", {"asked_from": None}),
        ("asked_from", {"asked_from": timedelta(days=2)}),
        ("asked_from", {"asked_from": timedelta(days=-40)}),
        ("asked_until", {"asked_until": timedelta(days=-3)}),
    ],
)
def test_a_correction_is_held_to_the_rules_of_filing(
    app: Flask, field: str, changes: dict[str, Any]
) -> None:
    application, _person = waiting()
    moved = {
        name: clock.now() + value if isinstance(value, timedelta) else value
        for name, value in changes.items()
    }

    with pytest.raises(Incomplete) as refused, write():
        given = facts(application, **moved)
        answer_supplement(application, by=application.entered_by, facts=given, signature=signed())

    assert field in [error.field for error in refused.value.errors]
    assert application.state == State.SUPPLEMENT_REQUESTED


def test_what_was_only_shown_and_sent_back_is_no_correction(app: Flask) -> None:
    application, _person = waiting()
    assert application.asked_from
    minute = clock.seoul(application.asked_from).replace(second=0, microsecond=0)

    with write():
        done = answer_supplement(
            application,
            by=application.entered_by,
            text="그대로입니다.",
            facts=facts(application, asked_from=minute),
        )

    assert application.transitions[-1].changes is None and not done.prints_anew


def test_an_employee_cannot_make_their_call_another_one(app: Flask) -> None:
    application, _call, employee = from_employee()
    person = custodian()
    asked(received(application, person), person)

    with write():
        given = facts(application, caller_number="01099990000")
        answer_supplement(application, by=employee, text="다른 번호입니다.", facts=given)

    assert application.caller_number == "01012345678"
    assert application.transitions[-1].changes is None


def test_an_official_request_is_corrected_without_a_signature(app: Flask) -> None:
    person = custodian()
    application = asked(registered(person), person)

    with write():
        given = facts(application, caller_number="01033334444")
        done = answer_supplement(application, by=person, facts=given)

    assert application.transitions[-1].changes and not done.prints_anew


def test_after_a_correction_the_call_is_looked_for_anew(app: Flask) -> None:
    application, person = waiting()
    with write():
        moved = clock.now() - timedelta(days=12)
        answer_supplement(
            application,
            by=application.entered_by,
            facts=facts(application, asked_from=moved),
            signature=signed(),
        )

    refuses(NotSearched, close_as_not_found, application, by=person, text="없습니다.")


def test_a_match_that_the_correction_left_outside_is_not_forwarded(app: Flask) -> None:
    person = custodian()
    application = received(from_citizen(), person)
    call = asked_call(application)
    with write():
        match(application, call, by=person)
    asked(application, person)
    with write():
        answer_supplement(
            application,
            by=application.entered_by,
            facts=facts(application, asked_from=clock.now() - timedelta(days=12)),
            signature=signed(),
        )

    refuses(CannotForward, forward, application, by=person, checked=True, says="범위")
    with write():
        unmatch(application, call, by=person)
        search(application, by=person)


def test_the_page_corrects_and_form_1_prints_the_corrected_facts(
    app: Flask, client: PageClient
) -> None:
    application, _person = waiting()
    assert "010-1234-5678" in text_of(application)
    client.log_in(application.entered_by).get(page(application, "/supplement"))
    asked_from = clock.seoul(clock.now() - timedelta(days=1))
    typed = {
        "caller_number": "010-3333-4444",
        "callee_number": "031-644-1234",
        "asked_from": f"{asked_from:%Y-%m-%dT%H:%M}",
    }

    answer = client.post(page(application, "/supplement"), typed)
    assert answer.status_code == 422 and "서명을 다시" in answer.text
    assert 'value="010-3333-4444"' in answer.text
    answer = client.post(page(application, "/supplement"), {**typed, "signature": drawn(shift=50)})

    assert answer.status_code == 303
    assert "010-3333-4444" in text_of(application)
    assert len(issue.issued_for(application, "form1")) == 2
    html = client.get(page(application)).text
    assert "010-1234-5678 → 010-3333-4444" in html
