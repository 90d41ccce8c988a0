"""The recordings of a session as the player lists them."""

from __future__ import annotations

from collections.abc import Callable

from portal.playback.models import ListeningSession
from portal.recordings.models import Recording
from portal.web.filters import shown_datetime

_PARTIES = {"caller": "송신자", "callee": "수신자"}


Addresses = Callable[..., str]


def tracks(listening: ListeningSession, address_of: Addresses) -> list[dict[str, object]]:
    """What `components/player.html` asks for, for each living recording in order.

    `address_of` is `url_for`.
    """
    application = listening.application
    return [
        {
            "label": f"{application.control_no}-{match.position:02d}",
            **_track(listening, match.recording, address_of),
        }
        for match in application.matches
        if match.recording.is_alive
    ]


def _track(
    listening: ListeningSession, recording: Recording, address_of: Addresses
) -> dict[str, object]:
    ids = {"public_id": listening.public_id, "recording_id": recording.public_id}
    return {
        "id": recording.public_id,
        "src": address_of("playback.sound", **ids),
        "peaks": address_of("playback.peaks", **ids),
        "duration": recording.duration_ms / 1000,
        "channels": [_PARTIES[who] for who in _owners(recording)],
        "called_at": shown_datetime(recording.called_at),
    }


def _owners(recording: Recording) -> list[str]:
    """Who speaks on which channel, where that is known for each of them."""
    owners = [who for who in recording.channel_owners.replace(",", " ").split() if who in _PARTIES]
    return owners if len(owners) == recording.channels else []
