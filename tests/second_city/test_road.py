"""An invented city walks the whole road by its settings alone, and no page or paper says 이천."""

from __future__ import annotations

import re
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from applications.papers import drawn
from documents.reading import packed
from otp.devices import code_at, enrolled
from playback.hearing import sound_of
from portal import clock
from portal.applications.models import Application
from portal.applications.states import State
from portal.documents.models import IssuedDocument
from portal.extensions import db
from portal.handover.models import HandoverReceipt
from portal.packages.build import build_next
from portal.recordings.models import Recording
from portal.retention import purge
from portal.runtime import vault
from recordings.dropping import drop_call, take_in, the_recording
from second_city.city import CityClient, Staff, logged_in, read_paper, staff, unpacked

_PASSWORD = re.compile(r"<code>([a-z2-9]{4}(?:-[a-z2-9]{4}){4})</code>")


def own_call() -> Recording:
    """A call of the employee, an hour ago, from the drop folder."""
    an_hour_ago = clock.now() - timedelta(hours=1)
    drop_call(called_at=an_hour_ago, callee="031-555-2101", extension="0315552101")
    take_in()
    db.session.rollback()
    return the_recording()


def only_application() -> Application:
    db.session.rollback()
    return db.session.scalars(select(Application)).one()


def filed(employee: CityClient, call: Recording, kind: str) -> Application:
    """내 통화 → 신청, signed; the own list and the detail are read on the way."""
    employee.get("/calls")
    form = employee.get(f"/applications/new?call={call.public_id}").text
    draft = re.search(r'name="draft"[^>]*? value="([^"]*)"', form)
    assert draft
    fields = {
        "call": call.public_id,
        "draft": draft[1],
        "disclosure_type": kind,
        "purpose": "민원 처리",
        "reason": "통화 내용을 확인하고자 합니다.",
        "signature": drawn(),
        "do": "submit",
    }
    answer = employee.post("/applications/new", fields)
    assert answer.status_code == 303, answer.text
    employee.get(answer.location)
    employee.get("/applications")
    return only_application()


def received_and_forwarded(
    custodian: CityClient, application: Application, call: Recording
) -> None:
    page = f"/intake/{application.public_id}"
    custodian.get("/intake")
    custodian.get(page)
    assert custodian.post(f"{page}/receive").status_code == 303
    custodian.get(page)
    custodian.post(f"{page}/search", {})
    custodian.get(custodian.post(f"{page}/recordings/{call.public_id}/match").location)
    answer = custodian.post(f"{page}/forward", {"checked": "y"})
    assert answer.status_code == 303, answer.text
    custodian.get(answer.location)


def decided(head: CityClient, application: Application) -> None:
    """One step: the 국장 decides at once."""
    page = f"/approvals/{application.public_id}"
    head.get("/approvals")
    seen = re.search(r'name="seen"[^>]*? value="([^"]*)"', head.get(page).text)
    assert seen
    answer = head.post(f"{page}/approve", {"seen": seen[1]})
    assert answer.status_code == 303, answer.text
    head.get(answer.location)


def to_the_handover(app: Flask, kind: str) -> tuple[Staff, Application, Recording]:
    people = staff()
    call = own_call()
    application = filed(logged_in(app, people.employee), call, kind)
    assert application.due_on is not None
    custodian = logged_in(app, people.custodian)
    received_and_forwarded(custodian, application, call)
    assert only_application().control_no == f"솔{clock.today().year}-001"
    decided(logged_in(app, people.head), application)
    assert only_application().state == State.APPROVED
    assert [step.title for step in application.steps] == ["국장"]
    signed_by_both(app, people, application)
    return people, only_application(), call


def signed_by_both(app: Flask, people: Staff, application: Application) -> None:
    """The custodian prepares and signs; the employee signs on their own screen."""
    page = f"/handover/{application.public_id}"
    custodian = logged_in(app, people.custodian)
    custodian.get("/handover")
    custodian.get(page)
    custodian.post(page, {"identity_document": "공무원증"})
    custodian.get(f"{page}/sign")
    custodian.get(f"{page}/unsigned.pdf")
    db.session.rollback()
    sha256 = db.session.scalars(select(HandoverReceipt)).one().unsigned_sha256
    employee = logged_in(app, people.employee)
    employee.get(f"{page}/sign")
    employee.post(f"{page}/sign", {"sha256": sha256, "transferee": drawn()})
    custodian.get(f"{page}/sign")
    custodian.post(f"{page}/sign", {"sha256": sha256, "transferor": drawn(shift=3)})
    custodian.get(page)
    assert only_application().state == State.HANDED_OVER


def test_inspection_from_the_call_to_the_deletion_on_its_sixtieth_day(app: Flask) -> None:
    people, application, call = to_the_handover(app, "inspection")
    receipt = db.session.scalars(select(HandoverReceipt)).one()
    assert receipt.handed_over_at is not None
    assert receipt.window_until == receipt.handed_over_at + timedelta(days=3)

    session = it_is_heard(app, people, application)
    auditor = logged_in(app, people.auditor)
    for page in ("/ledger", "/log", "/compliance"):
        auditor.get(page)
    papers_say_the_citys_words(auditor, people, app)

    called_on = clock.seoul(call.called_at).date()
    assert call.delete_on == called_on + timedelta(days=61)
    midnight = clock.midnight(call.delete_on)
    with clock.at(midnight - clock.now() - timedelta(seconds=30)):
        purge.run()
        assert vault().day_keys.days() == [call.delete_on]
    with clock.at(midnight - clock.now() + timedelta(seconds=1)):
        source = sound_of(session, call)
        assert CityClient(app).http.get(source).status_code in (302, 303, 403, 404, 410)
        purge.run()
        assert vault().day_keys.is_destroyed(call.delete_on)
        db.session.rollback()
        assert db.session.scalars(select(Recording)).one().caller_number is None
        custodian = logged_in(app, people.custodian)
        custodian.get("/documents/destructions")


def it_is_heard(app: Flask, people: Staff, application: Application) -> str:
    """TOTP and purpose open the player; the sound comes; its address."""
    device = enrolled(people.employee, clock.now() - timedelta(hours=1))
    listener = logged_in(app, people.employee)
    page = f"/listening/{application.public_id}"
    listener.get(page)
    answer = listener.post(page, {"purpose": "사실 확인", "code": code_at(device, clock.now())})
    assert answer.status_code == 303, answer.text
    session = str(answer.location)
    listener.get(session)
    call = application.matches[0].recording
    heard = listener.http.get(sound_of(session, call), headers={"Range": "bytes=0-99"})
    assert (heard.status_code, len(heard.data)) == (206, 100)
    return session


def papers_say_the_citys_words(auditor: CityClient, people: Staff, app: Flask) -> None:
    """Forms 1 and 2 as issued, Form 3 of the year, and the blanks."""
    custodian = logged_in(app, people.custodian)
    kinds = {}
    for paper in db.session.scalars(select(IssuedDocument)).all():
        kinds[paper.kind] = read_paper(custodian.get(f"/documents/{paper.public_id}.pdf").data)
    assert packed("[서식 가]") in kinds["form1"]
    assert packed("솔내시장 앞") in kinds["form1"]
    assert packed("「솔내시 통화녹음 관리 규정」 제32조제1항에 따라 녹음기록을") in kinds["form1"]
    assert packed("[서식 나]") in kinds["form2"]
    assert packed("받은 녹음기록은 목적을 이루면 바로 없애겠습니다.") in kinds["form2"]
    for name in ("application", "consent", "power-of-attorney", "destruction-confirmation"):
        read_paper(custodian.get(f"/documents/blanks/{name}.pdf").data)


def test_provision_from_the_approval_to_the_confirmation_of_destruction(app: Flask) -> None:
    people, application, _call = to_the_handover(app, "provision")
    device = enrolled(people.employee, clock.now() - timedelta(hours=1))
    employee = logged_in(app, people.employee)
    page = f"/packages/{application.public_id}"
    employee.get(f"{page}/receive")
    shown = _PASSWORD.search(employee.post(f"{page}/receive").text)
    assert shown
    assert build_next("test")
    employee.get(page)
    code = code_at(device, clock.now())
    assert employee.post(f"{page}/open", {"reason": "수령", "code": code}).status_code == 303
    found = re.search(r"/packages/downloads/[0-9a-f]{32}/file", employee.get(page).text)
    assert found
    files = unpacked(employee.http.get(found[0]).data, shown[1])
    for name, data in files.items():
        if name.endswith(".pdf"):
            read_paper(data)
    assert any(name.startswith(f"솔{clock.today().year}-001") for name in files)

    employee.get("/destruction")
    destruction = f"/destruction/{application.public_id}"
    employee.get(destruction)
    fields = {"destroyed_on": clock.today().isoformat(), "sure": "y"}
    assert employee.post(destruction, fields).status_code == 303
    assert only_application().state == State.CLOSED
