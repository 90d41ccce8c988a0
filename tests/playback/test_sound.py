"""Hearing over HTTP: what one range request gets, and when it gets nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

import factories
from client import PageClient
from playback.hearing import STEP, Listener, handed_over, own, sound_of, with_sound
from portal import clock
from portal.accounts.models import Account
from portal.applications.move import move
from portal.applications.states import Action
from portal.audit.models import AuditEvent
from portal.database import write
from portal.extensions import db
from portal.playback.answer import PIECE
from portal.playback.byte_range import MOST
from portal.playback.models import ListeningSession, ServedRange
from portal.playback.refusal import PlaybackRefused
from portal.roles import Role
from portal.runtime import config, vault
from recordings.sounds import wav


@pytest.fixture
def listener(app: Flask) -> Listener:
    return Listener.of(app, factories.account(name="김하늘"))


def test_a_recording_is_heard_byte_for_byte_in_parts_of_at_most_a_mebibyte(
    listener: Listener,
) -> None:
    data = wav(seconds=75)
    recording = with_sound(data)
    session = listener.open(own(listener.account, recording))
    heard, address = b"", sound_of(session, recording)

    while len(heard) < len(data):
        answer = listener.ask(address, Range=f"bytes={len(heard)}-")
        assert answer.status_code == 206
        assert len(answer.data) <= MOST
        end = len(heard) + len(answer.data) - 1
        assert answer.headers["Content-Range"] == f"bytes {len(heard)}-{end}/{len(data)}"
        heard += answer.data

    assert len(data) > 2 * MOST
    assert heard == data
    row = db.session.scalars(select(ServedRange)).one()
    assert (row.first_byte, row.end_byte) == (0, len(data))


def test_an_answer_is_never_cached_and_has_no_name_to_be_saved_under(listener: Listener) -> None:
    recording = with_sound()
    session = listener.open(own(listener.account, recording))

    answer = listener.ask(sound_of(session, recording), Range="bytes=0-99")

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == "inline"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.mimetype == "audio/wav"
    for validator in ("ETag", "Last-Modified", "Expires"):
        assert validator not in answer.headers


def test_a_request_without_a_range_gets_the_first_part_only(listener: Listener) -> None:
    data = wav(seconds=75)
    recording = with_sound(data)
    session = listener.open(own(listener.account, recording))

    answer = listener.ask(sound_of(session, recording))

    assert answer.status_code == 206
    assert answer.data == data[:MOST]


@pytest.mark.parametrize("header", ["bytes=99999999-", "bytes=0-1,5-6", "bytes=-0"])
def test_bytes_that_are_not_there_are_416_and_noted_nowhere(
    listener: Listener, header: str
) -> None:
    recording = with_sound()
    session = listener.open(own(listener.account, recording))

    answer = listener.ask(sound_of(session, recording), Range=header)

    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{recording.size}"
    assert answer.data == b""
    assert db.session.scalar(select(func.count()).select_from(ServedRange)) == 0


def test_head_tells_the_headers_gives_no_byte_and_passes_the_same_gate(
    listener: Listener,
) -> None:
    recording = with_sound()
    session = listener.open(own(listener.account, recording))
    address = sound_of(session, recording)

    allowed = listener.ask(address, "HEAD", Range="bytes=0-9")
    with clock.at(timedelta(minutes=61)):
        refused = listener.ask(address, "HEAD", Range="bytes=0-9")

    assert (allowed.status_code, allowed.content_length, allowed.data) == (206, 10, b"")
    assert db.session.scalar(select(func.count()).select_from(ServedRange)) == 0
    assert refused.status_code in (302, 303, 410)


@pytest.mark.parametrize("codec", ["GSM610", "IMA_ADPCM"])
def test_what_no_browser_plays_comes_out_as_pcm(listener: Listener, codec: str) -> None:
    recording = with_sound(wav(codec, channels=1))
    session = listener.open(own(listener.account, recording))

    answer = listener.ask(sound_of(session, recording), Range="bytes=0-")

    assert answer.data[:4] == b"RIFF"
    assert answer.data[20:22] == b"\x01\x00"
    assert len(answer.data) == 44 + 2 * recording.frames


def test_the_first_play_of_each_recording_and_the_end_are_events(listener: Listener) -> None:
    first, second = with_sound(), with_sound()
    application = own(listener.account, first, second)
    session = listener.open(application)
    for recording in (first, first, second):
        listener.ask(sound_of(session, recording), Range="bytes=0-99")
    listener.ask(sound_of(session, first), Range="bytes=50-199")
    listener.ask(sound_of(session, first), Range="bytes=1000-1099")

    listener.client.post(f"{session}/end")

    events = _events("playback.%")
    assert [event.action for event in events] == [
        "playback.open",
        "playback.play",
        "playback.play",
        "playback.close",
    ]
    assert [event.subject for event in events[1:3]] == [first.public_id, second.public_id]
    assert events[0].reason == "사실 확인"
    assert events[0].subject == application.public_id
    assert f"{first.public_id}:0-200+1000-1100;{second.public_id}:0-100" in events[3].detail


def test_a_recording_that_is_not_matched_is_not_there(listener: Listener) -> None:
    session = listener.open(own(listener.account))
    other = with_sound()

    assert listener.ask(sound_of(session, other)).status_code == 404


def test_another_accounts_session_id_is_not_there_whatever_the_role(
    app: Flask, listener: Listener
) -> None:
    recording = with_sound()
    session = listener.open(own(listener.account, recording))

    for role in Role:
        account = factories.account(role)
        stranger = Listener(app, account, listener.device, PageClient(app).log_in(account))
        for address in (sound_of(session, recording), f"{session}/state", session):
            assert stranger.ask(address, Range="bytes=0-").status_code == 404
            forged = stranger.ask(address, HX_Request="true", HX_Request_Type="partial")
            assert forged.status_code == 404
        assert stranger.client.post(f"{session}/end").status_code == 404
    assert db.session.scalars(select(ListeningSession)).one().ended_at is None


def test_the_session_of_another_login_of_the_same_account_opens_nothing(
    listener: Listener,
) -> None:
    recording = with_sound()
    session = listener.open(own(listener.account, recording))
    elsewhere = listener.again()

    answer = elsewhere.ask(sound_of(session, recording), Range="bytes=0-")

    assert answer.status_code == 403
    assert "다른 로그인" in answer.json["message"]
    assert listener.ask(sound_of(session, recording)).status_code == 206


def test_forged_htmx_headers_get_neither_sound_nor_another_answer(listener: Listener) -> None:
    recording = with_sound()
    session = listener.open(own(listener.account, recording))
    listener.client.post(f"{session}/end")

    answer = listener.ask(
        sound_of(session, recording), HX_Request="true", HX_Request_Type="full", HX_Boosted="true"
    )

    assert answer.status_code == 410
    assert answer.json["code"] == "ended"


def test_nobody_without_a_login_hears_anything(app: Flask, listener: Listener) -> None:
    recording = with_sound()
    session = listener.open(own(listener.account, recording))

    answer = app.test_client().get(sound_of(session, recording))

    assert answer.status_code in (302, 303)
    assert "/login" in answer.location


def test_the_window_ends_the_sound_to_the_second(listener: Listener) -> None:
    recording = with_sound()
    end = clock.now() + timedelta(minutes=5)
    session = listener.open(own(listener.account, recording, until=end))
    address = sound_of(session, recording)

    with clock.at(end - timedelta(seconds=1)):
        before = listener.ask(address, Range="bytes=0-")
    with clock.at(end):
        after = listener.ask(address, Range="bytes=0-")

    assert (before.status_code, after.status_code) == (206, 410)


def test_from_the_midnight_of_its_deletion_nothing_plays_though_no_cleaner_ran(
    app: Flask, listener: Listener
) -> None:
    recording = with_sound(called_at=clock.now() - timedelta(days=29))
    last = recording.deleted_at - timedelta(minutes=2)
    with clock.at(last):
        late = listener.again()
        application = own(listener.account, recording, until=recording.deleted_at)
        session = late.open(application)
    address = sound_of(session, recording)

    with clock.at(recording.deleted_at - timedelta(seconds=1)):
        before = late.ask(address, Range="bytes=0-")
    with clock.at(recording.deleted_at):
        answers = [
            late.ask(place, Range="bytes=0-")
            for place in (
                address,
                f"{session}/state",
                session,
                f"/listening/{application.public_id}",
            )
        ]
        peaks = late.ask(address.replace("/sound", "/peaks"))

    assert before.status_code == 206
    assert [answer.status_code for answer in answers] == [410, 410, 410, 410]
    assert peaks.status_code == 410
    assert vault().recordings.blobs(recording.delete_on) == [recording.public_id]


def test_a_session_ends_after_its_hour_and_after_ten_idle_minutes(listener: Listener) -> None:
    recording = with_sound()
    session = listener.open(own(listener.account, recording))
    address = sound_of(session, recording)

    with clock.at(timedelta(minutes=9)):
        active = listener.ask(address, Range="bytes=0-")
    with clock.at(timedelta(minutes=20)):
        idle = listener.ask(address, Range="bytes=0-")

    assert active.status_code == 206
    assert (idle.status_code, idle.json["code"]) == (410, "idle")


def test_listening_on_without_a_pause_ends_after_an_hour(listener: Listener) -> None:
    recording = with_sound()
    session = listener.open(own(listener.account, recording))
    codes = []

    for minute in range(5, 61, 5):
        with clock.at(timedelta(minutes=minute)):
            listener.client.get(f"/listening/{own_id(session)}")
            codes.append(listener.ask(sound_of(session, recording), Range="bytes=0-").status_code)

    assert codes == [206] * 11 + [410]


def test_who_listens_for_an_hour_is_not_logged_out_in_between(listener: Listener) -> None:
    """Buffered sound asks for few ranges: the player's question while it plays is the presence."""
    session = listener.open(own(listener.account))

    for minute in range(5, 60, 5):
        with clock.at(timedelta(minutes=minute)):
            answer = listener.ask(f"{session}/state")
            assert answer.json["open"], answer.json
            assert answer.json["remaining_seconds"] <= 60 * (60 - minute)

    with clock.at(timedelta(minutes=61)):
        assert listener.ask(f"{session}/state").status_code == 410


def test_losing_the_counter_role_ends_the_sound_at_once(app: Flask) -> None:
    office = factories.department("민원과")
    officer = factories.account(Role.COUNTER)
    recording = with_sound()
    listener = Listener.of(app, officer)
    application = handed_over(recording, office_id=office.id)
    session = listener.open(application, identity_document="여권")
    assert listener.ask(sound_of(session, recording)).status_code == 206

    with write():
        for grant in officer.grants:
            if grant.role == Role.COUNTER:
                grant.revoked_at = clock.now()

    assert listener.ask(sound_of(session, recording)).status_code == 404


def test_closing_the_account_ends_the_sound_at_once(listener: Listener) -> None:
    recording = with_sound()
    session = listener.open(own(listener.account, recording))

    with write() as db_session:
        db_session.get(Account, listener.account.id).closed_at = clock.now()

    assert listener.ask(sound_of(session, recording)).status_code in (302, 303)


def test_closing_the_application_ends_the_sound_at_once(listener: Listener) -> None:
    recording = with_sound()
    application = own(listener.account, recording)
    session = listener.open(application)

    with write():
        move(application, Action.CLOSE, by=listener.account)

    answer = listener.ask(sound_of(session, recording))
    assert (answer.status_code, answer.json["code"]) == (410, "application_closed")


def test_a_destroyed_key_is_a_deletion_and_a_lost_file_an_error_that_says_so(
    listener: Listener,
) -> None:
    lost, destroyed = with_sound(), with_sound(called_at=clock.now() - timedelta(days=3))
    session = listener.open(own(listener.account, lost, destroyed))
    vault().recordings.remove(lost.delete_on, lost.public_id)
    vault().day_keys.destroy(destroyed.delete_on)

    without_file = listener.ask(sound_of(session, lost))
    without_key = listener.ask(sound_of(session, destroyed))

    assert (without_file.status_code, without_file.json["code"]) == (500, "file_missing")
    assert (without_key.status_code, without_key.json["code"]) == (410, "deleted")


def test_a_byte_altered_on_the_disk_cuts_the_answer_off_before_it(listener: Listener) -> None:
    data = wav(seconds=20)
    recording = with_sound(data)
    address = sound_of(listener.open(own(listener.account, recording)), recording)
    path = config().data / f"vault/days/{recording.delete_on}/{recording.public_id}.age"
    sealed = bytearray(path.read_bytes())
    sealed[-(len(data) % PIECE) - 1000] ^= 1  # in the last chunk but one
    path.write_bytes(sealed)

    answer, heard = listener.ask(address, Range="bytes=100-"), b""
    with pytest.raises(PlaybackRefused):
        for piece in answer.response:
            heard += piece

    assert len(data) > 3 * PIECE
    assert heard == data[100 : len(data) // PIECE * PIECE - PIECE]


def test_refusals_are_events_of_their_own(listener: Listener) -> None:
    recording = with_sound()
    session = listener.open(own(listener.account, recording))
    listener.client.post(f"{session}/end")

    listener.ask(sound_of(session, recording))

    refusal = _events("playback.refused")[0]
    assert refusal.account == listener.account.public_id
    assert '"code":"ended"' in refusal.detail


def test_hearing_the_same_bytes_again_within_a_minute_writes_nothing(listener: Listener) -> None:
    recording = with_sound()
    session = listener.open(own(listener.account, recording))
    listener.ask(sound_of(session, recording), Range="bytes=0-999")
    before = db.session.execute(select(ServedRange.last_at)).one()

    with clock.at(STEP):
        listener.ask(sound_of(session, recording), Range="bytes=100-199")
    within = db.session.execute(select(ServedRange.last_at)).one()
    with clock.at(2 * STEP):
        listener.ask(sound_of(session, recording), Range="bytes=100-199")
    after = db.session.execute(select(ServedRange.last_at)).one()

    assert before == within
    assert after > within


def _events(pattern: str) -> list[AuditEvent]:
    statement = select(AuditEvent).where(AuditEvent.action.like(pattern))
    return list(db.session.scalars(statement.order_by(AuditEvent.seq)))


def own_id(session: str) -> str:
    """The application behind a session's address."""
    listening = db.session.scalars(
        select(ListeningSession).where(ListeningSession.public_id == session.rsplit("/", 1)[-1])
    ).one()
    return str(listening.application.public_id)
