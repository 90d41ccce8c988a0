"""What things are called inside and outside a package: control numbers, never a person."""

from __future__ import annotations

import re

from portal.applications.models import Application
from portal.recordings.models import Recording

RECEIPT, NOTE, HASHES = "인계인수증.pdf", "안내문.pdf", "SHA256SUMS.txt"
#: An institution may number with signs that no file system takes.
_UNFIT = re.compile(r"[^\w.-]+")


def sound_name(application: Application, position: int, recording: Recording) -> str:
    """`2026-0001-01.wav`: the file number and the ending of its format."""
    return f"{_stem(application)}-{position:02d}.{recording.container.lower()}"


def paper_name(application: Application, paper: str) -> str:
    """`2026-0001-안내문.pdf`"""
    return f"{_stem(application)}-{paper}"


def package_name(application: Application) -> str:
    """`2026-0001.zip`"""
    return f"{_stem(application)}.zip"


def _stem(application: Application) -> str:
    return _UNFIT.sub("_", application.control_no or "").strip("._") or "package"
