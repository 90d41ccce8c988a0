"""Several recordings, some of which die: before the decision, and between approval and handover."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from client import PageClient
from handover.conftest import Scene, approved
from packages.provision import signed
from playback.hearing import with_sound
from portal import clock
from portal.applications.due import first_deletion
from portal.applications.models import Application
from portal.applications.states import State
from portal.database import write
from portal.documents import issue
from portal.extensions import db
from portal.handover.hand_over import hand_over
from portal.handover.models import HandoverReceipt
from portal.handover.prepare import CannotHandOver, make_unsigned
from portal.ledger.models import LedgerRow
from portal.packages.ask import ask
from portal.packages.build import build_next
from portal.packages.contents import plan_of
from portal.packages.gate import current_package
from portal.retention import purge

DAY = timedelta(days=1)


@pytest.fixture
def three(scene: Scene) -> Application:
    """Three recordings that die today at midnight, two days later, and much later."""
    today = clock.today()
    calls = [with_sound(delete_on=today + n * DAY) for n in (1, 3, 20)]
    application = approved(scene.employee, calls, scene.custodian, [scene.leader, scene.head])
    with write():
        application.disclosure_type = "provision"
        application.due_on = today + 2 * DAY
    return application


def deletion_ran() -> None:
    db.session.rollback()
    purge.run()
    db.session.expire_all()


def form2_of(application: Application) -> str:
    pdf = issue.read(issue.issued_for(application, "form2")[0])
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_the_rest_is_handed_over_and_every_paper_says_the_same(
    app: Flask, scene: Scene, three: Application
) -> None:
    with clock.at(4 * DAY):
        deletion_ran()
        assert three.state == State.APPROVED
        assert first_deletion(three) == three.matches[2].recording.delete_on

        hand_over(signed(three, scene.custodian), by=scene.custodian)

        text = form2_of(three)
        assert f"{three.control_no}-03" in text
        assert f"{three.control_no}-01" not in text and f"{three.control_no}-02" not in text
        row = db.session.scalars(select(LedgerRow)).one()
        assert row.called_at_text.count("\n") == 0 and "모름" not in row.numbers_text
        assert row.remarks == "3건 중 2건은 보관기간이 지나 삭제됨"

        ask(three, by=scene.employee)
        package = current_package(three)
        assert package is not None and package.delete_on == three.matches[2].recording.delete_on
        plan = plan_of(package)
        assert plan is not None and len(plan.sounds) == 1
        assert build_next("test")


def test_a_receipt_signed_before_one_died_is_made_anew(
    app: Flask, scene: Scene, three: Application
) -> None:
    """At midnight the signed list names a recording that is no more."""
    midnight = clock.midnight(clock.today() + DAY)
    with clock.at(midnight - timedelta(minutes=5) - clock.now()):
        receipt = signed(three, scene.custodian)
    with clock.at(midnight + timedelta(minutes=5) - clock.now()), pytest.raises(CannotHandOver):
        hand_over(receipt, by=scene.custodian)
    assert three.state == State.APPROVED


def test_when_the_last_one_dies_nothing_is_left_to_hand_over(
    app: Flask, scene: Scene, three: Application
) -> None:
    with clock.at(21 * DAY):
        with pytest.raises(CannotHandOver):
            make_unsigned(three, scene.custodian)
        deletion_ran()
        assert three.state == State.EXPIRED
        assert db.session.scalars(select(HandoverReceipt)).all() == []


def test_the_screens_name_what_died_and_what_is_left(
    app: Flask, client: PageClient, scene: Scene, three: Application
) -> None:
    with clock.at(4 * DAY):
        deletion_ran()
        client.log_in(scene.custodian)
        html = client.get(f"/intake/{three.public_id}").text
        assert html.count("삭제됨") == 2
        receipt = client.get(f"/handover/{three.public_id}").text
        assert f"{three.control_no}-03" in receipt and f"{three.control_no}-01" not in receipt
        assert "3건 중 2건은 보관기간이 지나 삭제됨" in receipt
        assert client.get("/handover").text.count("삭제됨") == 2
        own = PageClient(app).log_in(scene.employee)
        assert own.get(f"/applications/{three.public_id}").text
