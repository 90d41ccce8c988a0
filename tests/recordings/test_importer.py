"""One way in: what becomes of each kind of delivery."""

from __future__ import annotations

import hashlib
import json
import tarfile
import tracemalloc
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import factories
from portal import clock, runtime
from portal.announced import Announced, PriorNoticeSettings
from portal.audit.models import AuditEvent
from portal.audit.verify import verify
from portal.database import write
from portal.extensions import db
from portal.recordings.entry import enter
from portal.recordings.facts import Notice, parse_sidecar
from portal.recordings.models import QuarantineItem, Recording
from portal.recordings.sound import inspect
from portal.retention.models import Tombstone
from portal.runtime import vault
from portal.vault import StoredBlob
from recordings.dropping import (
    LONG_AFTER,
    arrival_day,
    blobs,
    count,
    drop,
    drop_call,
    kept_bytes,
    left,
    outcomes,
    rows,
    sidecar,
    sound,
    take_in,
    the_item,
    the_recording,
    the_tombstone,
)
from recordings.sounds import coded, wav_header

FLAC = coded("FLAC", "PCM_16")
GSM_12_HOURS = 65 * 540_001  # bytes, at 4 kHz a block more than twelve hours
SOUND_FACTS = inspect(BytesIO(sound()), len(sound()))


def test_a_call_is_encrypted_listed_and_its_plain_files_are_gone(app: Flask) -> None:
    wav = drop_call()

    report = take_in()

    row = the_recording()
    assert report.outcomes == outcomes(taken=1)
    assert left() == []
    assert kept_bytes(row) == wav
    assert row.sha256 == hashlib.sha256(wav).hexdigest()
    assert blobs() == [row.public_id]
    assert (row.container, row.codec, row.channels, row.duration_ms) == ("wav", "pcm_s16", 2, 500)
    assert row.delete_on == clock.seoul(row.called_at).date() + timedelta(days=31)
    event = db.session.scalars(select(AuditEvent)).one()
    assert (event.action, event.subject) == ("recording.taken_in", row.public_id)
    assert verify().sound


def test_nothing_of_the_sound_lies_in_plain_anywhere_below_the_data_folder(app: Flask) -> None:
    wav = drop_call()
    folder = drop()

    take_in()

    pieces = [wav[at : at + 64] for at in (1000, 4000)]
    for path in folder.parent.rglob("*"):
        if path.is_file():
            assert not any(piece in path.read_bytes() for piece in pieces), path


def test_numbers_are_kept_backwards_too_and_legs_know_their_extension(app: Flask) -> None:
    line = factories.extension("1234")
    start = clock.now() - timedelta(minutes=5)
    middle, end = start + timedelta(minutes=1), start + timedelta(minutes=2)
    legs = [
        {"extension": "1234", "from": start.isoformat(), "to": middle.isoformat()},
        {"extension": "9999", "from": middle.isoformat(), "to": end.isoformat()},
    ]
    drop_call(legs=legs, channels=["caller", "callee"])

    take_in()

    row = the_recording()
    assert (row.caller_reversed, row.callee_reversed) == ("87654321010", "4321446130")
    assert row.channel_owners == "caller,callee"
    assert [(leg.number, leg.extension_id) for leg in row.legs] == [
        ("1234", line.id),
        ("9999", None),
    ]


def test_without_legs_the_extension_is_the_one_leg(app: Flask) -> None:
    line = factories.extension("1234")
    drop_call()

    take_in()

    (leg,) = the_recording().legs
    assert leg.extension_id == line.id
    assert leg.until_at - leg.from_at == timedelta(seconds=0.5)


def test_a_withheld_number_and_an_unknown_line_do_not_hold_a_call_up(app: Flask) -> None:
    drop_call(caller="anonymous", extension=None)

    report = take_in()

    row = the_recording()
    assert report.outcomes == outcomes(taken=1)
    assert (row.caller_number, row.caller_reversed, row.legs) == (None, None, [])


@pytest.mark.parametrize(
    ("notice", "kept"),
    [
        ("announcement", ("announcement", "recorder")),
        ({"kind": "spoken", "source": "consent module"}, ("spoken", "consent module")),
        ({"kind": "unknown", "source": "somebody"}, ("unknown", None)),
        ("none", ("none", "recorder")),
        ("unknown", ("unknown", None)),
        (..., ("unknown", None)),
    ],
)
def test_a_notice_counts_as_given_only_where_somebody_answers_for_it(
    app: Flask, notice: object, kept: tuple[str, str | None]
) -> None:
    drop_call(notice=notice)

    take_in()

    row = the_recording()
    assert (row.prior_notice, row.notice_source) == kept


def announce(app: Flask, **fields: Any) -> None:
    """The city's settings say that the exchange announces on this line since yesterday."""
    called_on = clock.today()
    values = {"direction": "inbound", "from_on": called_on - timedelta(days=1), "source": "공문-12"}
    said = PriorNoticeSettings(announcements=(Announced(**{**values, **fields}),))
    installed = runtime.config()
    rules = installed.settings.model_copy(update={"prior_notice": said})
    runtime.install(app, replace(installed, settings=rules), runtime.vault())


@pytest.mark.parametrize(
    ("fields", "notice", "kept"),
    [
        ({}, ..., ("announcement", "공문-12")),
        ({"number": "1234", "direction": "both"}, "unknown", ("announcement", "공문-12")),
        ({"number": "9999"}, ..., ("unknown", None)),
        ({"direction": "outbound"}, ..., ("unknown", None)),
        ({"from_on": date(2999, 1, 1)}, ..., ("unknown", None)),
        ({"from_on": date(2020, 1, 1), "last_on": date(2020, 1, 2)}, ..., ("unknown", None)),
        ({}, "none", ("none", "recorder")),
    ],
)
def test_what_the_exchange_announces_is_a_dated_setting_of_line_and_direction(
    app: Flask, fields: dict[str, Any], notice: object, kept: tuple[str, str | None]
) -> None:
    announce(app, **fields)
    drop_call(notice=notice, direction="inbound")

    take_in()

    row = the_recording()
    assert (row.prior_notice, row.notice_source) == kept
    assert (row.notice_at == row.called_at) == (kept[0] == "announcement")


def test_the_same_call_again_is_recognised_and_kept_once(app: Flask) -> None:
    drop_call()
    take_in()
    drop_call()

    report = take_in()

    assert report.outcomes == outcomes(recognised=1)
    assert (count(Recording), left(), blobs()) == (1, [], rows())


def test_another_sound_under_the_same_id_is_set_aside_under_its_own_day(app: Flask) -> None:
    called_at = clock.now() - timedelta(days=3)
    drop_call(called_at=called_at)
    take_in()
    drop("again", sound(2), sidecar("call-1", called_at))

    report = take_in()

    item = the_item()
    assert report.outcomes == outcomes(quarantined=1)
    assert (item.reason, item.delete_on) == ("same_id_other_sound", the_recording().delete_on)
    assert kept_bytes(the_recording()) == sound(1)


BAD_SOUNDS = {
    "empty": b"",
    "not_sound": b"this is no sound at all",
    "truncated": sound(1)[:-1000],
    "wrong_length": sound(1)[:40] + (2**32 - 16).to_bytes(4, "little") + sound(1)[44:],
    "too_many_channels": sound(1)[:22] + (8).to_bytes(2, "little") + sound(1)[24:],
    "unknown_codec": sound(1)[:20] + (0x55).to_bytes(2, "little") + sound(1)[22:],
    "bad_rate": sound(1)[:24] + (0).to_bytes(4, "little") + sound(1)[28:],
    "bad_header": wav_header(4, channels=0) + b"1234",
    "damaged": FLAC[: len(FLAC) // 2] + bytes(1500) + FLAC[len(FLAC) // 2 + 1500 :],
    "too_long": wav_header(GSM_12_HOURS, tag=0x31, rate=4000, bits=520) + bytes(GSM_12_HOURS),
}


@pytest.mark.parametrize("reason", BAD_SOUNDS)
def test_unusable_sound_is_set_aside_encrypted_with_its_reason(app: Flask, reason: str) -> None:
    called_at = clock.now() - timedelta(days=2)
    facts = sidecar(called_at=called_at)
    drop("call", BAD_SOUNDS[reason], facts)

    report = take_in()

    item = the_item()
    assert report.outcomes == outcomes(quarantined=1)
    assert item.reason == reason
    assert item.message.endswith("주십시오.")
    assert (item.has_sound, item.has_sidecar) == (True, True)
    assert item.delete_on == clock.seoul(called_at).date() + timedelta(days=31)
    assert left() == []
    with tarfile.open(fileobj=BytesIO(kept_bytes(item))) as archive:
        names = archive.getnames()
        parts = [archive.extractfile(name).read() for name in names]  # type: ignore[union-attr]
    assert names == ["call.wav", "call.json"]
    assert parts == [BAD_SOUNDS[reason], facts]


BAD_SIDECARS = {
    "not_json": b"{",
    "not_text": b"\xff\xfe{",
    "too_big": b"[" * 70_000,
    "too_deep": b'{"a":' + b"[" * 50 + b"]" * 50 + b"}",
    "double_key": b'{"a": 1, "a": 2}',
    "missing": sidecar(source_id=...),  # type: ignore[arg-type]
    "bad_value": sidecar(direction="sideways"),
    "future": sidecar(called_at=clock.now() + timedelta(days=40)),
}


@pytest.mark.parametrize("reason", BAD_SIDECARS)
def test_a_bad_sidecar_sends_its_call_aside_until_the_day_of_a_call_of_today(
    app: Flask, reason: str
) -> None:
    drop("call", sound(), BAD_SIDECARS[reason])

    report = take_in()

    item = the_item()
    assert report.outcomes == outcomes(quarantined=1)
    assert (item.reason, item.delete_on) == (reason, arrival_day())
    assert item.message.endswith((".", ")"))
    assert (left(), blobs()) == ([], [item.public_id])


def test_the_same_bad_files_are_set_aside_once_and_others_with_the_same_sidecar_too(
    app: Flask,
) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        drop(name, sound(seed), b"{")
        take_in()

    assert count(QuarantineItem) == 2
    assert (left(), blobs()) == ([], rows())


def test_a_sound_without_its_sidecar_waits_and_is_then_set_aside(app: Flask) -> None:
    drop("call", sound())

    early = take_in(timedelta(minutes=9))
    late = take_in(LONG_AFTER)

    assert early.outcomes == outcomes(waiting=1)
    assert late.outcomes == outcomes(quarantined=1)
    item = the_item()
    assert (item.reason, item.has_sidecar, left()) == ("no_sidecar", False, [])


def test_a_sidecar_without_its_sound_waits_and_is_then_set_aside(app: Flask) -> None:
    drop("call", None, sidecar())

    early = take_in(timedelta(minutes=9))
    late = take_in(LONG_AFTER)

    assert (early.outcomes, late.outcomes) == (outcomes(waiting=1), outcomes(quarantined=1))
    item = the_item()
    assert (item.reason, item.has_sound, left()) == ("no_sound", False, [])


def test_a_call_past_its_day_is_destroyed_with_one_tombstone_however_often_it_comes(
    app: Flask,
) -> None:
    called_at = clock.now() - timedelta(days=31)
    for name in ("first", "again"):
        drop(name, sound(), sidecar(called_at=called_at))
        take_in()

    grave = the_tombstone()
    assert (grave.cause, grave.recordings, grave.delete_on) == (
        "late_arrival",
        1,
        clock.seoul(called_at).date() + timedelta(days=31),
    )
    assert grave.hashes == hashlib.sha256(sound()).digest()
    assert (left(), blobs(), count(Recording), count(QuarantineItem)) == ([], [], 0, 0)
    actions = db.session.scalars(select(AuditEvent.action)).all()
    assert actions == ["recording.late_arrival"] * 2


def test_a_call_of_a_destroyed_day_is_destroyed_and_the_key_is_not_made_again(app: Flask) -> None:
    called_at = clock.now() - timedelta(days=1)
    day = clock.seoul(called_at).date() + timedelta(days=31)
    vault().day_keys.destroy(day)
    drop_call(called_at=called_at)

    report = take_in()

    assert report.outcomes == outcomes(destroyed=1)
    assert (left(), vault().day_keys.days(), the_tombstone().delete_on) == ([], [], day)


def test_the_last_moment_of_day_thirty_is_taken_in_and_the_next_one_is_not(app: Flask) -> None:
    called_at = clock.now() - timedelta(days=3)
    ends = clock.midnight(clock.seoul(called_at).date() + timedelta(days=31))

    drop("last", sound(1), sidecar("last", called_at))
    with clock.at(ends - timedelta(seconds=1)):
        before = take_in(timedelta())
    drop("late", sound(2), sidecar("late", called_at))
    with clock.at(ends):
        after = take_in(timedelta())

    assert (before.outcomes, after.outcomes) == (outcomes(taken=1), outcomes(destroyed=1))
    assert count(Tombstone) == 1


def test_bad_sound_past_its_day_is_destroyed_not_set_aside(app: Flask) -> None:
    drop("call", b"no sound", sidecar(called_at=clock.now() - timedelta(days=40)))

    assert take_in().outcomes == outcomes(destroyed=1)
    assert count(QuarantineItem) == 0


def test_hundreds_of_calls_are_taken_in_whatever_else_lies_there(app: Flask) -> None:
    for n in range(30):
        drop(f"call-{n}", sound(n % 3), sidecar(f"call-{n}"))
    drop("bad", b"x", b"y")

    report = take_in()

    assert report.outcomes == outcomes(taken=30, quarantined=1)
    assert (left(), blobs()) == ([], rows())


def test_the_reason_names_no_value_of_the_call(app: Flask) -> None:
    drop("01099998888", sound(), sidecar(direction="01077776666", caller="no 010-7777-6666"))

    take_in()

    item = the_item()
    events = json.dumps([event.detail for event in db.session.scalars(select(AuditEvent))])
    for text in (item.message, item.reason, events):
        assert "7777" not in text
        assert "9999" not in text


def test_a_notice_nobody_answers_for_is_not_given(app: Flask) -> None:
    facts = parse_sidecar(sidecar()).model_copy(update={"notice": Notice(kind="announcement")})

    with write():
        row = enter(facts, SOUND_FACTS, StoredBlob(1, "0" * 64), arrival_day(), "0" * 32)

    assert (row.prior_notice, row.notice_source) == ("unknown", None)


def test_a_big_file_takes_no_more_memory_than_a_small_one(app: Flask) -> None:
    drop("warm-up", sound(), sidecar("warm-up"))
    take_in()
    data_bytes = 48 * 1024 * 1024
    folder = drop("big", None, sidecar("big"))
    with (folder / "big.wav").open("wb") as file:
        file.write(wav_header(data_bytes))
        file.truncate(44 + data_bytes)
    drop("big-and-bad", None, sidecar("big-and-bad"))
    with (folder / "big-and-bad.wav").open("wb") as file:
        file.write(wav_header(data_bytes, channels=0))
        file.truncate(44 + data_bytes)

    tracemalloc.start()
    try:
        report = take_in()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert report.outcomes == outcomes(taken=1, quarantined=1)
    assert peak < 4 * 1024 * 1024
