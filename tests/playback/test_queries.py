"""A range of sound costs few queries: the gate is passed anew, nothing is loaded twice."""

from __future__ import annotations

import pytest
from flask import Flask

import factories
from playback.hearing import Listener, own, sound_of, with_sound
from queries import counted_queries
from recordings.sounds import wav

NOTED, NEW = 5, 10


@pytest.mark.both_databases
def test_a_range_and_the_waveform_take_few_queries(app: Flask) -> None:
    listener = Listener.of(app, factories.account(name="김하늘"))
    recordings = [with_sound(wav(seconds=3)) for _ in range(4)]
    session = listener.open(own(listener.account, *recordings))
    address = sound_of(session, recordings[1])
    listener.ask(address, Range="bytes=0-99")

    for asked, most in (("0-99", NOTED), ("200-299", NEW), ("220-290", NOTED)):
        with counted_queries() as queries:
            assert listener.ask(address, Range=f"bytes={asked}").status_code == 206
        assert len(queries) <= most, queries

    with counted_queries() as queries:
        assert listener.ask(address.replace("/sound", "/peaks")).status_code == 200
    assert len(queries) <= NOTED, queries
