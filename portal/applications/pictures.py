"""Files from outside as pictures: opened in a child with limits, never handed on as they are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from portal.applications.rasterise import PASSWORD, TOO_LARGE

PAGE_SIDE = 1600  # pixels of the longer side
_PROGRAM = Path(__file__).with_name("rasterise.py")
_SECONDS = 25


class NotShowable(Exception):
    """The file cannot be shown as pictures; the message is Korean and says what to do."""


def count_pages(data: bytes) -> int:
    """How many pages a PDF has; 1 for a PNG or JPEG. Raises `NotShowable`."""
    return int(_run(data, "count"))


def draw_page(data: bytes, page: int, side: int = PAGE_SIDE) -> bytes:
    """One page (from 1) as PNG with its longer side at most `side` pixels. Raises `NotShowable`."""
    return _run(data, "draw", str(page), str(side))


def _run(data: bytes, *arguments: str) -> bytes:
    command = [sys.executable, "-I", str(_PROGRAM), *arguments]
    try:
        done = subprocess.run(  # noqa: S603  (our own program, no typed text among the arguments)
            command, input=data, capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise NotShowable(_unreadable()) from error
    if done.returncode == PASSWORD:
        raise NotShowable("암호가 걸린 PDF입니다. 암호를 해제하여 다시 저장한 뒤 올려 주십시오.")
    if done.returncode == TOO_LARGE:
        raise NotShowable("그림이 너무 큽니다 (6천만 화소까지). 크기를 줄여 다시 올려 주십시오.")
    if done.returncode != 0:
        raise NotShowable(_unreadable())
    return done.stdout


def _unreadable() -> str:
    return (
        "파일을 열 수 없습니다. 손상되었거나 내용이 다른 파일입니다. 다시 스캔하거나 PDF로 "
        "저장하여 올려 주십시오."
    )
