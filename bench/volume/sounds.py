"""Sound that compresses as little as speech over a telephone: two channels of noise, as WAV."""

from __future__ import annotations

import io

import numpy as np

from portal.demo.voices import write_wav

RATE = 8000


def noise(seconds: float, seed: int) -> bytes:
    """A WAV of 8 kHz, 16 bit, two channels: 32 kB a second."""
    dice = np.random.default_rng(seed)
    samples = dice.integers(-8000, 8000, (int(seconds * RATE), 2), dtype=np.int16)
    file = io.BytesIO()
    write_wav(file, samples)
    return file.getvalue()
