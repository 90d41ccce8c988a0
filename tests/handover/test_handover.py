"""제7조③: signed by both sides on the stored document, and only then may anybody listen."""

from __future__ import annotations

import hashlib
import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

import factories
from handover.conftest import Scene, approved, drawn
from portal import clock
from portal.accounts.models import Account
from portal.applications.conflict import Conflict
from portal.applications.models import Application
from portal.applications.states import State, WrongState
from portal.audit.verify import verify
from portal.database import write
from portal.documents import issue
from portal.documents.models import IssuedDocument
from portal.extensions import db
from portal.handover.hand_over import hand_over, window_until
from portal.handover.models import HandoverReceipt
from portal.handover.prepare import CannotHandOver, make_unsigned, prepare
from portal.handover.sign import Side, sign, store_signature
from portal.handover.transferor import NotTransferor, waiting_for
from portal.ledger.models import LedgerRow
from portal.recordings.models import CallLeg
from portal.roles import Role
from portal.runtime import vault


def prepared(scene: Scene, by: Account | None = None) -> HandoverReceipt:
    who = by or scene.custodian
    document = make_unsigned(scene.application, who)
    with write():
        return prepare(scene.application, document, by=who, identity_document="공무원증")


def signed_by(receipt: HandoverReceipt, side: Side, by: Account, sha256: str | None = None) -> None:
    blob = store_signature(drawn())
    with write():
        sign(receipt, side, blob, sha256=sha256 or receipt.unsigned_sha256, by=by)


def ready(scene: Scene) -> HandoverReceipt:
    receipt = prepared(scene)
    signed_by(receipt, "transferee", scene.employee)
    signed_by(receipt, "transferor", scene.custodian)
    return receipt


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_both_signatures_open_the_window_and_write_the_ledger_row_at_once(scene: Scene) -> None:
    receipt = ready(scene)

    hand_over(receipt, by=scene.custodian)

    assert scene.application.state == State.HANDED_OVER
    assert receipt.handed_over_at is not None
    assert receipt.window_until == receipt.handed_over_at + timedelta(days=7)
    row = db.session.scalars(select(LedgerRow)).one()
    assert (row.applicant_name, row.transferor_name, row.serial) == ("김하늘", "최민준", 1)
    assert row.basis == "제7조제1항제2호"
    assert verify().sound


def test_the_issued_paper_carries_the_hash_of_the_unsigned_one_and_is_kept(scene: Scene) -> None:
    receipt = ready(scene)
    hand_over(receipt, by=scene.custodian)

    paper = db.session.get(IssuedDocument, receipt.issued_id)
    assert paper is not None
    bytes_kept = issue.read(paper)
    unsigned = vault().records.get(receipt.unsigned_blob)

    assert hashlib.sha256(bytes_kept).hexdigest() == paper.sha256
    assert hashlib.sha256(unsigned).hexdigest() == receipt.unsigned_sha256
    assert bytes_kept != unsigned


def test_one_signature_hands_nothing_over(scene: Scene) -> None:
    receipt = prepared(scene)
    signed_by(receipt, "transferor", scene.custodian)

    with pytest.raises(CannotHandOver):
        hand_over(receipt, by=scene.custodian)

    assert scene.application.state == State.APPROVED
    assert (count(LedgerRow), count(IssuedDocument)) == (0, 0)


def test_nobody_else_completes_what_both_signed(scene: Scene) -> None:
    receipt = ready(scene)
    line = factories.extension("0316449999", (party := factories.account(Role.CUSTODIAN)).person)
    with write() as session:
        now = clock.now()
        session.add(
            CallLeg(
                recording_id=scene.recording.id,
                number=line.number,
                extension_id=line.id,
                from_at=now,
                until_at=now,
            )
        )

    for by, error in (
        (scene.leader, NotTransferor),
        (factories.account(), NotTransferor),
        (party, Conflict),
    ):
        with pytest.raises(error):
            hand_over(receipt, by=by)
    assert scene.application.state == State.APPROVED
    hand_over(receipt, by=scene.employee)
    assert scene.application.state == State.HANDED_OVER


def test_an_employee_whose_account_is_closed_signs_nothing(scene: Scene) -> None:
    receipt = prepared(scene)
    with write():
        scene.employee.closed_at = clock.now()

    with pytest.raises(NotTransferor):
        signed_by(receipt, "transferee", scene.employee)


def test_preparing_anew_voids_the_signatures_given_before(scene: Scene) -> None:
    receipt = ready(scene)

    again = prepared(scene)

    assert again.id == receipt.id
    assert again.transferor_signature is None
    assert again.transferee_signature is None


def test_a_signature_for_an_earlier_document_is_refused(scene: Scene) -> None:
    receipt = prepared(scene)

    with pytest.raises(CannotHandOver, match="다시 서명"):
        signed_by(receipt, "transferee", scene.employee, sha256="0" * 64)


def test_a_change_after_signing_needs_new_signatures(scene: Scene) -> None:
    receipt = ready(scene)
    with write():
        scene.application.purpose = "다른 목적"

    with pytest.raises(CannotHandOver, match="다시 서명"):
        hand_over(receipt, by=scene.custodian)

    assert scene.application.state == State.APPROVED


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.CUSTODIAN])
def test_nobody_but_the_custodian_hands_over_when_nobody_is_named(scene: Scene, role: Role) -> None:
    other = factories.account(role)

    with pytest.raises(NotTransferor):
        prepared(scene, by=other)


def test_the_named_counter_officer_hands_over_and_the_custodian_does_not(scene: Scene) -> None:
    officer = factories.account(Role.COUNTER)
    with write():
        scene.application.transferor_id = officer.id

    with pytest.raises(NotTransferor):
        prepared(scene)
    assert prepared(scene, by=officer).transferor_id == officer.id


def test_a_custodian_who_was_a_party_to_the_call_does_not_hand_it_over(scene: Scene) -> None:
    line = factories.extension("0316442300", scene.custodian.person)
    own = factories.recording(line)
    scene.application = approved(scene.employee, [own], scene.custodian, [scene.leader, scene.head])

    with pytest.raises(Conflict, match="당사자"):
        prepared(scene)


def test_nobody_signs_for_the_transferee_but_on_the_transferors_screen_or_themselves(
    scene: Scene,
) -> None:
    receipt = prepared(scene)
    stranger = factories.account(Role.CUSTODIAN)

    with pytest.raises(CannotHandOver):
        signed_by(receipt, "transferee", stranger)
    with pytest.raises((NotTransferor, Conflict)):
        signed_by(receipt, "transferor", scene.employee)


def test_nothing_is_handed_over_once_the_recording_is_past_its_day(scene: Scene) -> None:
    receipt = ready(scene)

    with clock.at(scene.recording.deleted_at):
        with pytest.raises(CannotHandOver):
            hand_over(receipt, by=scene.custodian)
        with pytest.raises(CannotHandOver, match="삭제"):
            prepared(scene)

    assert scene.application.state == State.APPROVED


def test_a_receipt_lists_the_recordings_that_are_still_there(scene: Scene) -> None:
    dead = factories.recording(called_at=clock.now() - timedelta(days=31))
    scene.application = approved(
        scene.employee, [scene.recording, dead], scene.custodian, [scene.leader, scene.head]
    )

    receipt = ready(scene)
    hand_over(receipt, by=scene.custodian)

    assert db.session.scalars(select(LedgerRow)).one().called_at_text.count("\n") == 0


def test_the_window_never_goes_past_the_deletion(scene: Scene) -> None:
    now = scene.recording.deleted_at - timedelta(days=2)

    with clock.at(now):
        assert window_until(scene.application, now) == scene.recording.deleted_at


def test_handing_over_twice_makes_one_receipt_and_one_row(scene: Scene) -> None:
    receipt = ready(scene)
    hand_over(receipt, by=scene.custodian)

    with pytest.raises(WrongState):
        hand_over(receipt, by=scene.custodian)

    assert (count(LedgerRow), count(IssuedDocument)) == (1, 1)


def test_of_two_at_once_one_hands_over(app: Flask, scene: Scene) -> None:
    receipt_id, custodian_id = ready(scene).id, scene.custodian.id
    db.session.rollback()
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def one() -> None:
        with app.app_context():
            receipt = db.session.get_one(HandoverReceipt, receipt_id)
            custodian = db.session.get_one(Account, custodian_id)
            barrier.wait()
            try:
                hand_over(receipt, by=custodian)
                outcomes.append("done")
            except WrongState:
                outcomes.append("late")
            db.session.remove()

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()

    assert sorted(outcomes) == ["done", "late"]
    assert (count(LedgerRow), count(IssuedDocument)) == (1, 1)
    assert [a.state for a in db.session.scalars(select(Application))] == [State.HANDED_OVER]


def test_a_named_officer_who_left_the_counter_holds_nothing_up(scene: Scene) -> None:
    officer = factories.account(Role.COUNTER)
    with write():
        scene.application.transferor_id = officer.id
    with write():
        for grant in officer.grants:
            grant.revoked_at = clock.now()

    with pytest.raises(NotTransferor):
        prepared(scene, by=officer)
    assert prepared(scene).transferor_id == scene.custodian.id
    waiting = db.session.scalars(waiting_for(scene.custodian)).all()
    assert [a.id for a in waiting] == [scene.application.id]


def test_the_day_of_receipt_is_the_day_of_the_handover(scene: Scene) -> None:
    receipt = prepared(scene)
    signed_by(receipt, "transferor", scene.custodian)

    with clock.at(timedelta(days=1)):
        with pytest.raises(CannotHandOver, match="오늘"):
            signed_by(receipt, "transferee", scene.employee)
        receipt = ready(scene)
        hand_over(receipt, by=scene.custodian)
        assert receipt.received_on == clock.today()


def test_a_handover_signed_before_midnight_is_not_completed_after_it(scene: Scene) -> None:
    receipt = ready(scene)

    with clock.at(timedelta(days=1)), pytest.raises(CannotHandOver, match="오늘"):
        hand_over(receipt, by=scene.custodian)


def test_a_signature_once_given_is_not_replaced(scene: Scene) -> None:
    receipt = prepared(scene)
    signed_by(receipt, "transferee", scene.employee)
    given = receipt.transferee_signature

    with pytest.raises(CannotHandOver, match="이미 서명"):
        signed_by(receipt, "transferee", scene.custodian)
    assert receipt.transferee_signature == given
