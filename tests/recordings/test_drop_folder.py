"""The drop folder: what counts as a call, what waits, and what must do no harm."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal import clock
from portal.recordings.delivery import Changed
from portal.recordings.facts import CallFacts
from portal.recordings.intake import Intake
from portal.recordings.models import QuarantineItem, Recording
from portal.recordings.sources.drop_folder import scan
from portal.vault.store import RecordingVault
from recordings.dropping import (
    LONG_AFTER,
    blobs,
    count,
    drop,
    drop_call,
    left,
    outcomes,
    rows,
    sidecar,
    sound,
    take_in,
    the_item,
)


def test_without_a_folder_there_is_nothing_to_do(app: Flask) -> None:
    assert scan(Path("/nowhere/at/all")) == []


@pytest.mark.parametrize(
    "name", ["call.wav.tmp", "call.WAV.part", ".call.wav", ".call.json", "call.json.tmp"]
)
def test_work_in_progress_is_left_alone(app: Flask, name: str) -> None:
    folder = drop()
    (folder / name).write_bytes(sound())

    report = take_in(LONG_AFTER)

    assert (report.outcomes, left()) == (outcomes(), [name])


def test_what_was_touched_this_second_waits(app: Flask) -> None:
    drop_call()

    assert take_in(timedelta()).outcomes == outcomes(waiting=1)
    assert take_in().outcomes == outcomes(taken=1)


def test_a_file_dated_in_the_future_does_not_wait_forever(app: Flask) -> None:
    drop_call()

    assert take_in(timedelta(minutes=-8)).outcomes == outcomes(taken=1)


def test_old_dates_carried_along_by_a_copy_do_not_make_a_lone_file_old(app: Flask) -> None:
    folder = drop("call", None, sidecar())
    os.utime(folder / "call.json", (0, 0))

    assert take_in().outcomes == outcomes(waiting=1)


def test_links_folders_and_pipes_are_neither_followed_nor_removed(
    app: Flask, tmp_path: Path
) -> None:
    folder = drop()
    secret = tmp_path / "secret.wav"
    secret.write_bytes(sound())
    (folder / "link.wav").symlink_to(secret)
    (folder / "link.json").write_bytes(sidecar())
    (folder / "dangling.wav").symlink_to(tmp_path / "nothing")
    (folder / "folder.wav").mkdir()
    os.mkfifo(folder / "pipe.wav")

    report = take_in(LONG_AFTER)

    assert report.outcomes == outcomes(quarantined=1)  # the sidecar, which is a file
    assert the_item().reason == "no_sound"
    assert left() == ["dangling.wav", "folder.wav", "link.wav", "pipe.wav"]
    assert secret.read_bytes() == sound()


def test_a_file_swapped_for_a_link_after_the_scan_is_not_followed(
    app: Flask, tmp_path: Path
) -> None:
    drop_call()
    folder = drop()
    secret = tmp_path / "secret.wav"
    secret.write_bytes(sound(2))
    (arrival,) = scan(folder)
    (folder / "call-1.wav").unlink()
    (folder / "call-1.wav").symlink_to(secret)

    with pytest.raises(OSError), arrival.open(timedelta()):
        pass


@pytest.mark.parametrize("ending", ["WAV", "mp3", "bin", "이름"])
def test_sound_is_known_by_its_content_not_by_its_ending(app: Flask, ending: str) -> None:
    folder = drop("call", None, sidecar())
    (folder / f"call.{ending}").write_bytes(sound())

    assert take_in().outcomes == outcomes(taken=1)


def test_two_sounds_under_one_sidecar_are_never_paired_by_guess(app: Flask) -> None:
    folder = drop("call", sound(1), sidecar())
    (folder / "call.mp3").write_bytes(sound(2))

    first = take_in()
    second = take_in(LONG_AFTER)

    assert (first.outcomes, second.outcomes) == (outcomes(quarantined=1), outcomes(quarantined=2))
    assert (count(Recording), count(QuarantineItem), left()) == (0, 3, [])


def test_names_of_odd_bytes_are_taken_in_like_others(app: Flask) -> None:
    folder = os.fsencode(drop())
    for ending, content in ((b".wav", sound()), (b".json", sidecar())):
        Path(os.fsdecode(folder + b"/\xff\n \xed\xa0\x80;rm -rf" + ending)).write_bytes(content)

    assert take_in().outcomes == outcomes(taken=1)
    assert left() == []


def test_odd_names_survive_in_quarantine_too(app: Flask) -> None:
    folder = os.fsencode(drop())
    Path(os.fsdecode(folder + b"/\xff" + b"x" * 200 + b".wav")).write_bytes(b"no sound")
    Path(os.fsdecode(folder + b"/\xff" + b"x" * 200 + b".json")).write_bytes(sidecar())

    assert take_in().outcomes == outcomes(quarantined=1)
    assert (left(), blobs()) == ([], rows())


def test_a_new_file_under_the_name_of_one_just_taken_in_is_not_removed(app: Flask) -> None:
    drop_call(1)
    folder = drop()
    (arrival,) = scan(folder)
    with arrival.open(timedelta()) as delivery:
        (folder / "new").write_bytes(sound(2))
        (folder / "new").replace(folder / "call-1.wav")
        delivery.remove()

    assert left() == ["call-1.wav"]
    assert (folder / "call-1.wav").read_bytes() == sound(2)


def test_a_sound_that_grows_while_it_is_read_is_not_taken_in_half(app: Flask) -> None:
    drop_call()
    folder = drop()
    (arrival,) = scan(folder)

    with arrival.open(timedelta()) as delivery, (folder / "call-1.wav").open("ab") as more:
        more.write(b"more")
        more.flush()
        with pytest.raises(Changed):
            delivery.require_unchanged()


def test_an_unreadable_file_does_not_hold_up_the_others_and_rests_between_tries(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop_call(1)
    drop_call(2)
    put, tick, tries = RecordingVault.put, [0.0], [0]

    def full_disk_for_the_first(self, day, blob_id, source):  # type: ignore[no-untyped-def]
        data = source.read()
        if data == sound(1):
            tries[0] += 1
            raise OSError(28, "No space left on device")
        return put(self, day, blob_id, BytesIO(data))

    monkeypatch.setattr(RecordingVault, "put", full_disk_for_the_first)
    intake = Intake(lambda: tick[0])

    first = take_in(intake=intake)
    for tick[0] in (1.0, 2.0, 3.0, 5.0):
        take_in(intake=intake)
    monkeypatch.undo()
    tick[0] = 100.0
    last = take_in(intake=intake)

    assert (first.outcomes, first.failed) == (outcomes(taken=1), 1)
    assert tries == [2]
    assert (last.outcomes, last.failed, left()) == (outcomes(taken=1), 0, [])


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
_FIELDS = st.dictionaries(
    st.sampled_from([*CallFacts.model_fields]),
    _JSON
    | st.sampled_from(["2026-11-23T14:05:00+09:00", "0001-01-01T00:00:00+23:59", "\x00", "\ud800"])
    | st.text("0123456789-+ ", max_size=400),
    max_size=6,
)
_SIDECARS = st.one_of(
    st.none(),
    st.binary(max_size=300),
    _FIELDS.map(lambda fields: json.dumps({**json.loads(sidecar()), **fields}).encode()),
)
_SOUNDS = st.one_of(
    st.none(),
    st.binary(max_size=300),
    st.tuples(st.integers(0, 60), st.binary(min_size=1, max_size=8)).map(
        lambda cut: sound()[: cut[0]] + cut[1] + sound()[cut[0] + len(cut[1]) :]
    ),
    st.integers(0, len(sound())).map(lambda end: sound()[:end]),
)


@given(files=st.lists(st.tuples(_SOUNDS, _SIDECARS), min_size=1, max_size=3))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_lies_in_the_folder_every_file_comes_to_an_end(
    app: Flask, files: list[tuple[bytes | None, bytes | None]]
) -> None:
    for number, (wav, facts) in enumerate(files):
        drop(f"file-{number}", wav, facts)

    with clock.at(LONG_AFTER):
        report = take_in()

    assert report.failed == 0
    assert left() == []
    assert blobs() == rows()
