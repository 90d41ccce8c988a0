"""접수 and the Form 1 it issues."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

import factories
from applications.intake import custodian, from_citizen, state_of
from client import PageClient
from documents.reading import images_of, packed, text_of
from portal.applications import take_in as taking_in
from portal.applications.custody import NotCustodian
from portal.applications.receive import AlreadyReceived, receive
from portal.applications.states import State
from portal.applications.take_in import TakenInMeanwhile, issue_again, take_in
from portal.database import write
from portal.documents import issue
from portal.documents.models import IssuedDocument
from portal.extensions import db
from portal.roles import Role
from portal.runtime import vault


def issued() -> int:
    return db.session.scalar(select(func.count()).select_from(IssuedDocument)) or 0


def test_receipt_issues_form_1_under_its_control_number_with_a_verification_number(
    app: Flask,
) -> None:
    application = from_citizen()

    paper = take_in(application, by=custodian())

    text = text_of(issue.read(paper))
    assert application.control_no and application.control_no in text
    assert f"문서확인번호{paper.verification_no}" in text
    assert images_of(issue.read(paper)) == 2  # the signature and the QR
    assert (paper.kind, paper.application_id, paper.why) == ("form1", application.id, "접수")


def test_a_number_drawn_meanwhile_is_printed_right_all_the_same(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, desk = from_citizen(), from_citizen(), custodian()
    printed, stored = taking_in.print_filed, []

    def slowly(application: Any, number: str) -> Any:
        paper = printed(application, number)
        if not stored:  # a colleague is faster while the first try prints
            with write():
                receive(second, by=desk)
        stored.append(paper.stored.prepared.document_id)
        return paper

    monkeypatch.setattr(taking_in, "print_filed", slowly)
    paper = take_in(first, by=desk)

    assert first.control_no != second.control_no
    assert first.control_no and first.control_no in text_of(issue.read(paper))
    assert len(stored) == 2 and stored[0] not in vault().records.blobs()


def test_what_cannot_be_received_issues_nothing_and_changes_nothing(app: Flask) -> None:
    application, desk = from_citizen(), custodian()

    with pytest.raises(NotCustodian):
        take_in(application, by=factories.account(Role.COUNTER))
    with pytest.raises(TakenInMeanwhile):
        take_in(application, by=desk, tries=0)
    assert (state_of(application), issued()) == (State.SUBMITTED, 0)

    take_in(application, by=desk)
    with pytest.raises(AlreadyReceived):
        take_in(application, by=custodian())
    assert issued() == 1


def test_form_1_is_served_as_it_was_issued_though_the_application_changes(
    client: PageClient,
) -> None:
    application, desk = from_citizen(), custodian()
    address = f"/applications/{application.public_id}/form1.pdf"
    client.log_in(desk)
    assert "문서확인번호" not in text_of(client.get(address).data)

    client.post(f"/intake/{application.public_id}/receive", {})
    with write():
        application.purpose = "다른 용도"

    paper = issue.issued_for(application, "form1")[0]
    assert client.get(address).data == issue.read(paper)
    assert packed("다른 용도") not in text_of(client.get(address).data)


def test_an_answered_supplement_issues_form_1_again_and_keeps_the_first(app: Flask) -> None:
    application, desk = from_citizen(), custodian()
    first = take_in(application, by=desk)
    before = issue.read(first)
    with write():
        application.purpose = "보완한 용도"

    again = issue_again(application, by=desk, why="보완")

    assert packed("보완한 용도") in text_of(issue.read(again))
    assert issue.read(first) == before
    assert issue.issued_for(application, "form1") == [again, first]
