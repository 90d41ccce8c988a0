"""docs/guideline.md names modules and tests; they must be there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_file_that_the_guideline_map_names_is_there() -> None:
    named = re.findall(
        r"`((?:portal|tests)/[\w/]+\.py)`", (ROOT / "docs/guideline.md").read_text("utf-8")
    )
    assert len(named) > 20
    missing = sorted({name for name in named if not (ROOT / name).is_file()})
    assert missing == []
