"""What is said of recordings that died before the handover: the papers list the rest."""

from __future__ import annotations

from portal.applications.models import Application


def remarks_of_dead(application: Application) -> str:
    """For 비고 of the ledger: `3건 중 1건은 보관기간이 지나 삭제됨`; empty where all are there."""
    matches = application.matches
    dead = sum(not match.recording.is_alive for match in matches)
    return f"{len(matches)}건 중 {dead}건은 보관기간이 지나 삭제됨" if dead else ""
