"""The sound as the browser gets it: opened, one part of it read, closed again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog

from portal.extensions import db
from portal.playback.refusal import PlaybackRefused
from portal.playback.standing import Sound
from portal.runtime import vault
from portal.vault import AgeFormatError, DayKeyDestroyed, DayKeyMissing

if TYPE_CHECKING:
    from portal.recordings.playable import Playable

_log = structlog.get_logger()
_BINS = 1000  # of the waveform


@contextmanager
def opened(sound: Sound) -> Iterator[Playable]:
    """The playable form of a recording.

    Raises `PlaybackRefused`: "deleted" once the day's key is gone, "file_missing" where the file
    cannot be read (which `reconcile` reports).
    """
    from portal.recordings.playable import open_playable  # numpy: not with every web worker

    try:
        playable = open_playable(vault().recordings.open(sound.delete_on, sound.public_id), sound)
        try:
            yield playable
        finally:
            playable.close()
    except DayKeyDestroyed as error:
        raise PlaybackRefused("deleted") from error
    except (OSError, DayKeyMissing, AgeFormatError) as error:
        _log.error("sound_unreadable", recording=sound.public_id, type=type(error).__name__)
        raise PlaybackRefused("file_missing") from error


def waveform(sound: Sound) -> list[list[float]]:
    """Peaks a channel, computed from the sound and kept nowhere. Raises as `opened`."""
    from portal.recordings.peaks import peaks

    db.session.rollback()  # the whole sound is read: no transaction is open meanwhile
    with opened(sound) as playable:
        return peaks(playable, _BINS)
