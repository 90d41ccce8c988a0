"""The sound as the browser gets it: opened, one part of it read, closed again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog

from portal.extensions import db
from portal.playback.refusal import PlaybackRefused
from portal.recordings.models import Recording
from portal.runtime import vault
from portal.vault import AgeFormatError, DayKeyDestroyed, DayKeyMissing

if TYPE_CHECKING:
    from portal.recordings.playable import Playable

_log = structlog.get_logger()
_BINS = 1000  # of the waveform


@contextmanager
def opened(recording: Recording) -> Iterator[Playable]:
    """The playable form of a recording; no transaction is open while it is read.

    Raises `PlaybackRefused`: "deleted" once the day's key is gone, "file_missing" where the file
    cannot be read (which `reconcile` reports).
    """
    from portal.recordings.playable import open_playable  # numpy: not with every web worker

    day, public_id = recording.delete_on, recording.public_id
    facts = _Facts(recording)
    db.session.rollback()
    try:
        playable = open_playable(vault().recordings.open(day, public_id), facts)
        try:
            yield playable
        finally:
            playable.close()
    except DayKeyDestroyed as error:
        raise PlaybackRefused("deleted") from error
    except (OSError, DayKeyMissing, AgeFormatError) as error:
        _log.error("sound_unreadable", recording=public_id, type=type(error).__name__)
        raise PlaybackRefused("file_missing") from error


def waveform(recording: Recording) -> list[list[float]]:
    """Peaks a channel, computed from the sound and kept nowhere. Raises as `opened`."""
    from portal.recordings.peaks import peaks

    with opened(recording) as playable:
        return peaks(playable, _BINS)


class _Facts:
    """What `open_playable` asks for, read before the transaction ends."""

    def __init__(self, recording: Recording) -> None:
        self.codec = recording.codec
        self.media_type = recording.media_type
