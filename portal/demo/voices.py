"""Speech-like sound for the demo and the tests, made at run time.

No words are spoken: two parties, one on each channel, take turns murmuring. Source and filter, as
in a formant synthesiser: a pulse train with a pitch contour (or noise, for consonants) whose
short-time spectrum is shaped by three moving formants and the band of a telephone line.
"""

from __future__ import annotations

from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import soundfile

from portal.demo.prosody import FRAMES_PER_SECOND, Tracks, Voice, perform

Samples = npt.NDArray[np.int16]
_Floats = npt.NDArray[np.floating[Any]]

VOICES = (
    Voice(pitch_hz=203.0, formant_scale=1.16, syllables_per_s=4.9, breath=0.09),
    Voice(pitch_hz=112.0, formant_scale=0.97, syllables_per_s=4.2, breath=0.04),
)
_BANDWIDTHS_HZ = np.array([70.0, 100.0, 160.0], dtype=np.float32)
_FORMANT_GAINS = np.array([1.0, 0.55, 0.30], dtype=np.float32)
_FRAMES_AT_ONCE = 4_000  # 32 s: bounds the memory of an hour-long call
_PEAK = 0.5  # of full scale
_LINE_NOISE = 0.0012  # of full scale, about -58 dB


def conversation(seconds: float, seed: int, sample_rate: int = 8000) -> Samples:
    """Two people taking turns: shape (n, 2), n = seconds × sample_rate, the same for the same seed.

    Channel 0 is the caller, channel 1 the callee.
    """
    rng = np.random.default_rng(seed)
    length = max(1, round(seconds * sample_rate))
    voices = VOICES if seed % 2 == 0 else VOICES[::-1]
    tracks = perform(voices, seconds, rng)
    sound = np.empty((length, 2), dtype=np.int16)
    for channel, track in enumerate(tracks):
        voice = _loudness(_synthesise(track, length, sample_rate, rng))
        voice += rng.standard_normal(length, dtype=np.float32) * _LINE_NOISE
        sound[:, channel] = (voice * 32767.0).clip(-32768, 32767)
    return sound


def write_wav(
    file: BinaryIO, samples: Samples, sample_rate: int = 8000, codec: str = "PCM_16"
) -> None:
    """Write `samples`, shape (n,) or (n, channels), as a WAV into the seekable `file`.

    `codec`: PCM_16, ULAW, ALAW, GSM610 or IMA_ADPCM. GSM610 (WAV49) has one channel by its format:
    two are mixed.
    """
    if codec == "GSM610" and samples.ndim == 2:
        samples = samples.mean(axis=1).astype(np.int16)
    soundfile.write(file, samples, sample_rate, format="WAV", subtype=codec)


def _loudness(voice: _Floats) -> _Floats:
    peak = float(np.abs(voice).max(initial=0.0))
    return voice * np.float32(_PEAK / peak) if peak > 0 else voice


def _synthesise(track: Tracks, length: int, sample_rate: int, rng: np.random.Generator) -> _Floats:
    """Shape the source's spectrum frame by frame and overlap-add the frames."""
    hop = max(1, round(sample_rate / FRAMES_PER_SECOND))
    window = np.hanning(4 * hop + 1)[:-1].astype(np.float32) / 2
    frames = length // hop + 5
    source_voiced, source_noise = _sources(track, frames * hop, hop, sample_rate, rng)
    out = np.zeros((frames + 4, hop), dtype=np.float32)
    freqs = np.fft.rfftfreq(4 * hop, 1 / sample_rate).astype(np.float32)
    line = 1 / (1 + (250 / (freqs + 1)) ** 4) / (1 + (freqs / 3500) ** 12)
    for start in range(0, frames - 3, _FRAMES_AT_ONCE):
        count = min(_FRAMES_AT_ONCE, frames - 3 - start)
        index = np.minimum(np.arange(start, start + count), track.pitch.size - 1)
        envelope = _formants(track.formants[index], freqs) * line
        hiss = (freqs / 4000) ** 2 * line
        shaped = _spectra(source_voiced, start, count, hop, window) * envelope
        shaped += _spectra(source_noise, start, count, hop, window) * hiss
        pieces = np.fft.irfft(shaped, n=4 * hop).astype(np.float32).reshape(count, 4, hop)
        for part in range(4):
            out[start + part : start + part + count] += pieces[:, part]
    return out.reshape(-1)[:length]


def _sources(
    track: Tracks, length: int, hop: int, sample_rate: int, rng: np.random.Generator
) -> tuple[_Floats, _Floats]:
    """The voiced source (pulses and breath) and the consonants' noise, both with their loudness."""
    at = np.arange(length, dtype=np.float32) / hop
    frame = np.arange(track.pitch.size, dtype=np.float32)
    cycles = np.cumsum(np.interp(at, frame, track.pitch) / sample_rate)
    position = (cycles % 1.0).astype(np.float32)
    # The glottis opens slowly and shuts at once: the shutting is what excites the formants.
    pulses = np.where(position < 0.6, np.sin(position * np.float32(np.pi / 0.6)) ** 2, 0)
    pulses -= np.exp(-(((position - 0.62) / 0.04) ** 2)) * 1.4
    noise = rng.standard_normal(length, dtype=np.float32)
    voiced = (pulses + noise * track.breath) * np.interp(at, frame, track.voicing)
    hissing = noise * np.interp(at, frame, track.friction)
    return voiced.astype(np.float32), hissing.astype(np.float32)


def _spectra(
    source: _Floats, start: int, count: int, hop: int, window: _Floats
) -> npt.NDArray[np.complexfloating[Any, Any]]:
    views = np.lib.stride_tricks.sliding_window_view(source, 4 * hop)
    return np.fft.rfft(views[start * hop : (start + count) * hop : hop] * window)


def _formants(centres: _Floats, freqs: _Floats) -> _Floats:
    """The gain at each frequency, shape (frames, freqs); centres in Hz, shape (frames, 3)."""
    distance = (freqs[None, :, None] - centres[:, None, :]) / _BANDWIDTHS_HZ
    gains: _Floats = (_FORMANT_GAINS / (1 + distance * distance)).sum(axis=2)
    return gains + np.float32(0.01)
