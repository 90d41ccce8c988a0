"""A paper on which a 주민등록번호 can be read: destroyed with a reason, and replaced."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from applications.intake import custodian, from_citizen, received
from applications.papers import pdf
from client import PageClient
from portal.applications.conflict import Conflict
from portal.applications.custody import NotCustodian
from portal.applications.destroy_paper import CannotDestroy, destroy_paper
from portal.applications.evidence import evidence_of
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.roles import Role
from portal.runtime import vault


def test_a_paper_is_destroyed_and_replaced_on_the_page_and_the_log_says_why(
    client: PageClient,
) -> None:
    application, officer = from_citizen(), custodian()
    received(application, officer)
    old = evidence_of(application)[0].public_id
    page = f"/intake/{application.public_id}"
    client.log_in(officer)
    assert "있어서는 안 되는 서류 파기" in client.get(page).text

    typed = {"file": old, "reason": ""}
    assert client.post(f"{page}/papers/destroy", typed).status_code == 422
    assert vault().records.get(old)
    copy = (BytesIO(pdf(1)), "가린 사본.pdf")
    typed = {"file": old, "reason": "뒷자리가 보임"}
    assert client.post(f"{page}/papers/destroy", {**typed, "instead": copy}).status_code == 303

    db.session.expire_all()
    (new,) = evidence_of(application)
    assert new.public_id != old and new.title.endswith("가린 사본.pdf")
    client.get(f"/applications/{application.public_id}/files/{old}/pages/1.png", 404)
    client.get(f"/applications/{application.public_id}/files/{new.public_id}/pages/1.png")
    with pytest.raises(FileNotFoundError):
        vault().records.get(old)
    event = db.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "evidence.destroy")
    ).one()
    assert event.reason == "뒷자리가 보임" and old in event.detail


def test_nobody_else_and_nobody_concerned_destroys_a_paper(app: Flask) -> None:
    application = from_citizen()
    file = evidence_of(application)[0].public_id
    concerned = custodian()
    call = factories.recording(factories.extension("0316447777", concerned.person))
    with write():
        application.asked_recording = call

    for by, error in (
        (factories.account(Role.DIVISION_HEAD), NotCustodian),
        (application.entered_by, NotCustodian),
        (concerned, Conflict),
    ):
        with pytest.raises(error):
            destroy_paper(application, file, by=by, reason="뒷자리가 보임")
    assert [f.public_id for f in evidence_of(application)] == [file]


def test_a_paper_is_destroyed_once_and_only_one_of_this_application(app: Flask) -> None:
    application, other, officer = from_citizen(), from_citizen(), custodian()
    file = evidence_of(application)[0].public_id

    with pytest.raises(CannotDestroy):
        destroy_paper(other, file, by=officer, reason="잘못 올림")
    destroy_paper(application, file, by=officer, reason="뒷자리가 보임")
    with pytest.raises(CannotDestroy, match="이미 파기"):
        destroy_paper(application, file, by=officer, reason="다시")
