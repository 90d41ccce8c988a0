"""Who speaks when, and how: turns, phrases, syllables, as tracks of one value every 8 ms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

FRAMES_PER_SECOND = 125

_Floats = npt.NDArray[np.floating[Any]]

# F1, F2, F3 in Hz of a, eo, o, u, eu, i, e, ae as a grown man speaks them.
_VOWELS = np.array(
    [
        (750, 1250, 2550),
        (600, 1000, 2600),
        (420, 800, 2500),
        (340, 850, 2400),
        (370, 1350, 2450),
        (290, 2200, 2950),
        (460, 1900, 2600),
        (550, 1800, 2550),
    ],
    dtype=np.float32,
)
_NASAL = np.array((260, 1150, 2300), dtype=np.float32)
_ONSETS = ("none", "stop", "friction", "nasal")
_ONSET_ODDS = (0.30, 0.28, 0.20, 0.22)


@dataclass(frozen=True)
class Voice:
    """What makes two people sound different."""

    pitch_hz: float
    formant_scale: float
    syllables_per_s: float
    breath: float


@dataclass(frozen=True)
class Tracks:
    """One party's performance, one value a frame; formants: shape (frames, 3), in Hz."""

    pitch: _Floats
    formants: _Floats
    voicing: _Floats
    friction: _Floats
    breath: float


def perform(
    voices: tuple[Voice, Voice], seconds: float, rng: np.random.Generator
) -> tuple[Tracks, Tracks]:
    """Lay out a conversation of `seconds`: turns of 1.5–8 s, short answers in between."""
    frames = int(seconds * FRAMES_PER_SECOND) + 8
    stages = [_Stage(voice, frames, rng) for voice in voices]
    at = int(0.25 * FRAMES_PER_SECOND)
    speaker = 1  # the one who is called speaks first
    while at < frames:
        turn = int(rng.uniform(1.5, 8.0) * FRAMES_PER_SECOND)
        end = stages[speaker].speak(at, at + turn)
        if turn > 4 * FRAMES_PER_SECOND and rng.random() < 0.6:
            nod = at + int(turn * rng.uniform(0.4, 0.8))
            stages[1 - speaker].speak(nod, nod + int(0.3 * FRAMES_PER_SECOND), gain=0.5)
        at = end + int(rng.uniform(0.15, 0.7) * FRAMES_PER_SECOND)
        speaker = 1 - speaker
    return stages[0].tracks(), stages[1].tracks()


class _Stage:
    def __init__(self, voice: Voice, frames: int, rng: np.random.Generator) -> None:
        self._voice = voice
        self._rng = rng
        self._pitch = np.full(frames, voice.pitch_hz, dtype=np.float32)
        self._formants = np.tile(_VOWELS[4], (frames, 1))
        self._voicing = np.zeros(frames, dtype=np.float32)
        self._friction = np.zeros(frames, dtype=np.float32)

    def tracks(self) -> Tracks:
        formants = _glide(self._formants * self._voice.formant_scale, 9)
        return Tracks(
            pitch=_glide(self._pitch[:, None], 11)[:, 0],
            formants=formants,
            voicing=_glide(self._voicing[:, None], 3)[:, 0],
            friction=self._friction,
            breath=self._voice.breath,
        )

    def speak(self, start: int, end: int, gain: float = 1.0) -> int:
        """Fill start–end with phrases; returns the frame where the last syllable ended."""
        at = start
        while True:
            syllables = int(self._rng.integers(3, 11))
            for number in range(syllables):
                at = self._syllable(at, number / syllables, number == syllables - 1, gain)
                if at >= end:
                    return at
            at += int(self._rng.uniform(0.12, 0.5) * FRAMES_PER_SECOND)

    def _syllable(self, at: int, progress: float, last: bool, gain: float) -> int:
        rng, voice = self._rng, self._voice
        length = FRAMES_PER_SECOND / voice.syllables_per_s * rng.uniform(0.75, 1.25)
        frames = int(length * (1.6 if last else 1.0))
        where = slice(at, min(at + frames, self._pitch.size))
        count = where.stop - where.start
        if count <= 0:
            return at + frames
        shape = np.sin(np.linspace(0.35, 3.1, frames, dtype=np.float32))[:count] ** 0.7
        declination = 1.12 - 0.22 * progress + rng.normal(0, 0.035)
        final = np.linspace(0, rng.choice([-0.16, 0.14]) if last else 0.03, frames)[:count]
        self._pitch[where] = voice.pitch_hz * (declination + final)
        self._formants[where] = _VOWELS[rng.integers(len(_VOWELS))]
        self._voicing[where] = shape * gain * rng.uniform(0.65, 1.0)
        self._onset(where, gain)
        return at + frames

    def _onset(self, where: slice, gain: float) -> None:
        kind = self._rng.choice(_ONSETS, p=_ONSET_ODDS)
        head = slice(where.start, min(where.start + int(self._rng.integers(6, 11)), where.stop))
        if kind == "stop":
            self._voicing[head] = 0
            self._friction[head.stop - 2 : head.stop] = 0.22 * gain
        elif kind == "friction":
            self._voicing[head] = 0
            self._friction[head] = 0.13 * gain
        elif kind == "nasal":
            self._formants[head] = _NASAL
            self._voicing[head] *= 0.5


def _glide(track: _Floats, frames: int) -> _Floats:
    """Smooth over `frames`, as tongue and lips cannot jump: shape (n, m) stays."""
    kernel = np.hanning(frames + 2)[1:-1]
    kernel /= kernel.sum()
    padded = np.pad(track, ((frames // 2, frames // 2), (0, 0)), mode="edge")
    columns = [np.convolve(padded[:, i], kernel, "valid") for i in range(track.shape[1])]
    return np.stack(columns, axis=1).astype(np.float32)
