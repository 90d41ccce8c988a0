"""soundfile's decoder without the seek it makes after every block.

That seek is of no use to who reads from front to end, and dear: an Opus or FLAC decoder finds its
place anew by searching the file.
"""

from __future__ import annotations

import soundfile


class ForwardSound(soundfile.SoundFile):  # type: ignore[misc]  # soundfile has no types
    """A sound that is read once, from its first to its last sample."""

    def seekable(self) -> bool:
        return False
