"""Where an error came from, without the values: messages and variables can hold personal data."""

from __future__ import annotations

import traceback
from pathlib import PurePath

_FRAMES = 4


def place(error: BaseException) -> str:
    """The innermost frames, `importer.py:120 take_in > store.py:61 put`."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return " > ".join(f"{PurePath(f.filename).name}:{f.lineno} {f.name}" for f in frames)
