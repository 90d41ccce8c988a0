"""Long prints are the worker's: it prints right there, and tells how far it is."""

from __future__ import annotations

import pytest

from portal.documents import press


@pytest.fixture(autouse=True)
def printed_by_the_worker(papers_go_through_a_pipe: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "_press", None)
