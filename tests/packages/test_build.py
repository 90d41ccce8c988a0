"""제공: asked for by the recipient, built once with a password that nobody keeps (제8조②)."""

from __future__ import annotations

import hashlib
import io
import threading
from datetime import timedelta
from pathlib import Path

import pytest
import pyzipper
from flask import Flask
from sqlalchemy import select, text

import factories
from documents.reading import text_of
from packages.provision import Provision, dying_on, provided
from playback.hearing import with_sound
from portal import clock
from portal.applications.conflict import conflict_of
from portal.audit.models import AuditEvent
from portal.database import write
from portal.documents import issue
from portal.extensions import db
from portal.handover.form2_data import living_recordings
from portal.jobs import queue
from portal.jobs.models import Job
from portal.packages import build as building
from portal.packages.ask import ask
from portal.packages.build import build, build_next
from portal.packages.contents import SoundChanged
from portal.packages.offer import offer_again
from portal.packages.password import ALPHABET
from portal.packages.refusal import PackageRefused
from portal.roles import Role
from portal.runtime import vault
from recordings.sounds import wav


def refused(code: str) -> object:
    return pytest.raises(PackageRefused, check=lambda error: error.code == code)


def content(provision: Provision, password: str) -> dict[str, bytes]:
    package = provision.package
    assert package.delete_on and package.blob
    with vault().recordings.open(package.delete_on, package.blob) as reader:
        data = reader.readall()
    assert (len(data), hashlib.sha256(data).hexdigest()) == (package.size, package.sha256)
    with pyzipper.AESZipFile(io.BytesIO(data)) as archive:
        archive.setpassword(password.encode())
        return {name: archive.read(name) for name in archive.namelist()}


def events(action: str) -> list[AuditEvent]:
    return list(db.session.scalars(select(AuditEvent).where(AuditEvent.action == action)))


def test_a_handover_of_a_provision_offers_a_package_and_opens_no_window(
    provision: Provision,
) -> None:
    assert provision.package.state == "offered"
    assert provision.package.offered_by_id == provision.custodian.id
    assert provision.receipt.window_until is None
    assert provision.application.state == "handed_over"


def test_the_package_holds_sound_receipt_note_and_hashes_and_no_person_in_its_names(
    app: Flask,
) -> None:
    provision = provided(with_sound(), with_sound(wav(seconds=1)))
    shown = provision.built()

    files = content(provision, shown.password)

    number = provision.application.control_no
    assert list(files) == [
        f"{number}-01.wav",
        f"{number}-02.wav",
        f"{number}-인계인수증.pdf",
        f"{number}-안내문.pdf",
        "SHA256SUMS.txt",
    ]
    first, second = provision.recordings
    assert hashlib.sha256(files[f"{number}-01.wav"]).hexdigest() == first.sha256
    assert hashlib.sha256(files[f"{number}-02.wav"]).hexdigest() == second.sha256
    assert provision.receipt.issued
    assert files[f"{number}-인계인수증.pdf"] == issue.read(provision.receipt.issued)
    (note,) = issue.issued_for(provision.application, "provision_note")
    assert files[f"{number}-안내문.pdf"] == issue.read(note)
    assert note.verification_no in text_of(issue.read(note))
    for line in files["SHA256SUMS.txt"].decode().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(files[name]).hexdigest() == digest


def test_the_password_is_long_random_and_kept_nowhere(provision: Provision, data: Path) -> None:
    shown = provision.built()

    letters = shown.password.replace("-", "")
    assert len(letters) == 20
    assert set(letters) <= set(ALPHABET)
    assert shown.password not in repr(shown)
    db.session.rollback()
    for table in ("package", "job", "audit_event", "package_download"):
        rows = db.session.execute(text(f"SELECT * FROM {table}")).all()
        assert shown.password not in str(rows)
    needle = shown.password.encode()
    assert not [f for f in data.rglob("*") if f.is_file() and needle in f.read_bytes()]


def test_the_sealed_password_is_gone_once_the_package_is_built(provision: Provision) -> None:
    shown = ask(provision.application, by=provision.employee)
    package = provision.package
    assert package.delete_on
    assert vault().recordings.blobs(package.delete_on).count(package.envelope or "") == 1
    envelope = package.envelope

    build_next("test")

    assert provision.package.envelope is None
    assert envelope not in vault().recordings.blobs(package.delete_on)
    assert content(provision, shown.password)


def test_the_password_is_shown_once(provision: Provision) -> None:
    ask(provision.application, by=provision.employee)

    with refused("shown"):
        ask(provision.application, by=provision.employee)
    assert len(events("package.password")) == 1


def test_of_two_who_ask_at_once_one_sees_a_password(provision: Provision, app: Flask) -> None:
    seen: list[str] = []
    ids = provision.application.id, provision.employee.id
    gate = threading.Barrier(2)

    def one() -> None:
        with app.app_context():
            application = db.session.get_one(type(provision.application), ids[0])
            person = db.session.get_one(type(provision.employee), ids[1])
            gate.wait()
            try:
                seen.append(ask(application, by=person).password)
            except PackageRefused as error:
                seen.append(error.code)
            db.session.remove()

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seen.count("shown") == 1
    db.session.rollback()
    day = provision.package.delete_on
    assert day
    assert len(vault().recordings.blobs(day)) == 2  # the sound and one envelope


def test_only_the_recipient_sees_the_password(provision: Provision, citizens: Provision) -> None:
    stranger = factories.account(Role.CUSTODIAN, Role.COUNTER, Role.DIVISION_HEAD)

    for who in (provision.custodian, stranger):
        with refused("stranger"):
            ask(provision.application, by=who)
    with refused("stranger"):
        ask(citizens.application, by=stranger)
    assert ask(citizens.application, by=citizens.custodian).password


def test_a_closed_account_gets_nothing(provision: Provision) -> None:
    with write():
        provision.employee.closed_at = clock.now()

    with refused("account_closed"):
        ask(provision.application, by=provision.employee)


def test_an_officer_who_is_no_custodian_any_more_carries_nothing(citizens: Provision) -> None:
    with write():
        for grant in citizens.custodian.grants:
            grant.revoked_at = clock.now()

    with refused("stranger"):
        ask(citizens.application, by=citizens.custodian)

    second = factories.account(Role.CUSTODIAN)
    offer_again(citizens.application, by=second, reason="담당자가 바뀜")
    assert ask(citizens.application, by=second).password


def test_it_is_kept_under_the_earliest_deletion_day(app: Flask) -> None:
    today = clock.today()
    provision = provided(dying_on(today + timedelta(days=9)), dying_on(today + timedelta(days=4)))

    provision.built()

    package = provision.package
    assert package.delete_on == today + timedelta(days=4)
    assert package.blob in vault().recordings.blobs(package.delete_on)


def test_nothing_is_offered_of_recordings_that_died(app: Flask) -> None:
    provision = provided(dying_on(clock.today() + timedelta(days=1)))

    with clock.at(timedelta(days=1)), refused("deleted"):
        ask(provision.application, by=provision.employee)


def test_a_recording_that_died_between_handover_and_asking_is_left_out(app: Flask) -> None:
    today = clock.today()
    provision = provided(dying_on(today + timedelta(days=1)), dying_on(today + timedelta(days=9)))

    with clock.at(timedelta(days=1)):
        assert [position for position, _ in living_recordings(provision.application)] == [2]
        shown = provision.built()
        number = provision.application.control_no
        assert f"{number}-01.wav" not in content(provision, shown.password)


def test_a_build_that_was_killed_is_done_again_with_the_same_password(
    provision: Provision,
) -> None:
    shown = ask(provision.application, by=provision.employee)
    assert queue.claim("package", "killed")

    assert not build_next("next")
    with clock.at(queue.LEASE + timedelta(seconds=1)):
        assert build_next("next")

    assert content(provision, shown.password)


def test_after_three_killed_attempts_it_gives_up_and_forgets_the_password(
    provision: Provision,
) -> None:
    ask(provision.application, by=provision.employee)
    day, envelope = provision.package.delete_on, provision.package.envelope
    later = timedelta()
    for _ in range(queue.MOST_ATTEMPTS):
        with clock.at(later):
            assert queue.claim("package", "killed")
        later += queue.LEASE + timedelta(seconds=1)

    with clock.at(later):
        build_next("next")

    assert (provision.package.state, provision.package.end_reason) == ("void", "failed")
    assert day
    assert envelope not in vault().recordings.blobs(day)
    assert db.session.scalars(select(Job.state).where(Job.kind == "package")).one() == "failed"


def test_a_worker_that_lost_its_lease_leaves_nothing(provision: Provision) -> None:
    shown = ask(provision.application, by=provision.employee)
    slow = queue.claim("package", "slow")
    assert slow
    with clock.at(queue.LEASE + timedelta(seconds=1)):
        build_next("fast")
    day, blob = provision.package.delete_on, provision.package.blob

    build(slow)

    assert day
    assert provision.package.blob == blob
    recording = provision.recordings[0].public_id
    assert set(vault().recordings.blobs(day)) == {blob, recording}
    assert content(provision, shown.password)


def test_sound_that_is_not_what_came_in_is_not_handed_out(provision: Provision) -> None:
    recording = provision.recordings[0]
    altered = io.BytesIO(wav(seconds=1))
    vault().recordings.put(recording.delete_on, recording.public_id, altered)
    ask(provision.application, by=provision.employee)

    build_next("test")

    assert (provision.package.state, provision.package.end_reason) == ("void", "failed")
    error = db.session.scalars(select(Job.error).where(Job.kind == "package")).one()
    assert error == SoundChanged.__name__
    assert vault().recordings.blobs(recording.delete_on) == [recording.public_id]


def test_a_full_disk_is_tried_again(provision: Provision, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = ask(provision.application, by=provision.employee)

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched, pytest.raises(OSError):
        patched.setattr(building, "_store", full)
        build_next("test")
    assert build_next("test")

    assert content(provision, shown.password)


def test_handing_out_again_makes_the_old_package_void_and_asks_for_a_new_password(
    provision: Provision,
) -> None:
    first = provision.built()
    day, blob = provision.package.delete_on, provision.package.blob

    again = offer_again(provision.application, by=provision.custodian, reason="비밀번호 분실")

    assert day
    assert blob not in vault().recordings.blobs(day)
    assert (again.number, again.state, again.reason) == (2, "offered", "비밀번호 분실")
    second = provision.built()
    assert second.password != first.password
    assert content(provision, second.password)
    assert [event.reason for event in events("package.offer")] == [None, "비밀번호 분실"]


@pytest.mark.parametrize("reason", ["", "   ", "900101-1234567 본인 요청"])
def test_handing_out_again_needs_a_reason(provision: Provision, reason: str) -> None:
    provision.built()

    with pytest.raises(PackageRefused):
        offer_again(provision.application, by=provision.custodian, reason=reason)
    assert provision.package.state == "ready"


def test_neither_the_employee_nor_somebody_in_conflict_hands_out_again(
    provision: Provision,
) -> None:
    provision.built()
    party = factories.account(Role.CUSTODIAN)
    with write():
        provision.application.entered_by_id = party.id
    assert conflict_of(provision.application, party)

    with refused("stranger"):
        offer_again(provision.application, by=provision.employee, reason="다시")
    with refused("conflict"):
        offer_again(provision.application, by=party, reason="다시")


def test_a_withdrawn_application_gets_no_package(provision: Provision) -> None:
    with write():
        provision.application.state = "withdrawn"

    with refused("application_closed"):
        ask(provision.application, by=provision.employee)
