"""What must hold after every step of a story, read from the database and the disk."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable

from sqlalchemy import select

from portal import clock
from portal.applications.models import Application, ApprovalStep, Transition
from portal.audit.models import AuditEvent
from portal.audit.verify import verify
from portal.extensions import db
from portal.handover.models import HandoverReceipt
from portal.ledger.models import LedgerRow
from portal.packages.models import Package
from portal.playback import find
from portal.playback.models import ListeningSession
from portal.playback.refusal import PlaybackRefused
from portal.recordings.models import CallLeg, Recording
from portal.retention.reconcile import reconcile
from portal.runtime import vault
from stories.matter import Matter
from stories.town import Town

#: What a refusal may leave behind: its trace in the log, a login, and a used-up code.
_TRACES = ("audit_event", "audit_head", "audit_view", "totp_device", "login_session")


def fingerprint() -> str:
    """Every row of every table but the traces of asking."""
    db.session.rollback()
    digest = hashlib.sha256()
    for table in db.metadata.sorted_tables:
        if table.name not in _TRACES:
            rows = db.session.execute(table.select()).all()
            digest.update(repr((table.name, sorted(map(repr, rows)))).encode())
    db.session.rollback()
    return digest.hexdigest()


def check_all(matters: list[Matter]) -> None:
    db.session.rollback()
    states_are_as_told(matters)
    serials_have_no_gap_and_no_double()
    nothing_is_given_out_without_a_signed_receipt()
    the_ledger_has_a_row_for_each_handover(matters)
    nobody_fills_two_columns()
    each_change_is_in_the_log()
    who_listens_may(matters)
    db.session.rollback()


def states_are_as_told(matters: Iterable[Matter]) -> None:
    rows: dict[int, str] = {}
    for application in db.session.scalars(select(Application)):
        rows[application.id] = application.state
    assert rows == {matter.id: matter.state for matter in matters}


def serials_have_no_gap_and_no_double() -> None:
    """관리번호 and 관리대장 번호: 1, 2, 3 … in each year (제7조④)."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for number in db.session.scalars(select(Application.control_no)):
        if number is not None:
            year, _, serial = number.partition("-")
            numbers[f"control {year}"].append(int(serial))
    for year, serial in db.session.execute(select(LedgerRow.year, LedgerRow.serial)):
        numbers[f"ledger {year}"].append(serial)
    for series, found in numbers.items():
        assert sorted(found) == list(range(1, len(found) + 1)), series


def nothing_is_given_out_without_a_signed_receipt() -> None:
    """제7조③: heard and taken away only after both have signed."""
    receipts = {one.application_id: one for one in db.session.scalars(select(HandoverReceipt))}
    given = [(one.application_id, one.opened_at)
             for one in db.session.scalars(select(ListeningSession))]  # fmt: skip
    given += [(one.application_id, one.offered_at) for one in db.session.scalars(select(Package))]
    for application_id, at in given:
        receipt = receipts[application_id]
        assert receipt.transferor_signature and receipt.transferee_signature and receipt.issued_id
        assert receipt.handed_over_at and receipt.handed_over_at <= at


def the_ledger_has_a_row_for_each_handover(matters: Iterable[Matter]) -> None:
    rows = list(db.session.scalars(select(LedgerRow.application_id)))
    assert sorted(rows) == sorted(matter.id for matter in matters if matter.handed_over)
    done = select(HandoverReceipt.application_id).where(HandoverReceipt.handed_over_at.is_not(None))
    assert sorted(db.session.scalars(done)) == sorted(rows)


def nobody_fills_two_columns() -> None:
    columns = select(ApprovalStep.application_id, ApprovalStep.decided_by_id)
    decided = columns.where(ApprovalStep.decided_by_id.is_not(None))
    filled = Counter(map(tuple, db.session.execute(decided)))
    assert set(filled.values()) <= {1}, filled


def each_change_is_in_the_log() -> None:
    """Every change of state has its event, and the chain is unbroken."""
    changes = select(Application.public_id, Transition.action).join(
        Transition, Transition.application_id == Application.id
    )
    made = Counter((one, f"application.{action}") for one, action in db.session.execute(changes))
    events = select(AuditEvent.subject, AuditEvent.action)
    logged = Counter(map(tuple, db.session.execute(events)))
    assert all(logged[change] == times for change, times in made.items()), made - logged
    verdict = verify()
    assert verdict.sound, verdict


def who_listens_may(matters: Iterable[Matter]) -> None:
    """제8조④, 제9조: the gate passes each opened session as long as its listener may hear, only."""
    for matter in matters:
        for one in matter.sessions:
            login = db.session.get_one(find.LoginSession, one.login_id)
            try:
                find.passed(one.public_id, find.Visit(one.who.account, login))
                passes = True
            except PlaybackRefused:
                passes = False
            assert passes == (one.is_running and matter.may_hear(one.who)), (matter, one)


def nothing_is_left_past_its_day(town: Town) -> None:
    """제8조①, after the deletion ran: no key, no file, no number, no row that says more."""
    today = clock.today()
    assert all(day > today for day in vault().day_keys.days())
    assert not any(vault().recordings.blobs(day) for day in vault().recordings.days()
                   if day <= today)  # fmt: skip
    for call in town.calls:
        if not call.is_alive:
            assert vault().day_keys.is_destroyed(call.delete_on)
    dead = select(Recording).where(Recording.delete_on <= today)
    for row in db.session.scalars(dead):
        assert row.destroyed_at and row.caller_number is None and row.callee_number is None
        assert not db.session.scalars(select(CallLeg).where(CallLeg.recording_id == row.id)).all()
    assert reconcile() == []
