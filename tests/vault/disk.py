"""What the tests of the stores share."""

from datetime import date
from pathlib import Path

DAY = date(2026, 12, 24)
BLOB = "0123456789abcdef"
SOUND = b"plain sound of a call, " * 20_000


def every_file(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def plain_is_on_disk(folder: Path) -> bool:
    return any(b"plain sound" in path.read_bytes() for path in every_file(folder))
