"""What the list of what waits for a handover shows: plain values, three statements for all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from portal.accounts.models import Account
from portal.applications.models import Application, ApplicationRecording
from portal.approvals.conflicts import conflicts_among
from portal.extensions import db
from portal.handover.transferor import waiting_for
from portal.recordings.models import Recording

_SHOWN = (
    "id",
    "public_id",
    "control_no",
    "disclosure_type",
    "applicant_kind",
    "applicant_name",
    "entered_by_id",
    "is_official",
    "party_id",
    "due_on",
)


@dataclass(frozen=True)
class Line:
    """One application; `of_it` has the columns of `_SHOWN`. `calls`: when, and whether it is still
    there. `conflict`: why this account may not hand it over."""

    of_it: Any
    conflict: str | None
    calls: list[tuple[datetime, bool]] = field(default_factory=list)


def waiting_lines(account: Account) -> list[Line]:
    """The approved applications this account hands over, the most urgent first."""
    columns = (getattr(Application, name).label(name) for name in _SHOWN)
    rows = db.session.execute(waiting_for(account).with_only_columns(*columns)).all()
    conflicts = conflicts_among(rows, account)
    lines = {row.id: Line(row, conflicts.get(row.id)) for row in rows}
    for one, called_at, is_alive in db.session.execute(_calls(lines)):
        lines[one].calls.append((called_at, bool(is_alive)))
    return list(lines.values())


def _calls(ids: Collection[int]) -> Select[int, datetime, bool]:
    match = ApplicationRecording
    return (
        select(match.application_id, Recording.called_at, Recording.is_alive)
        .join(Recording, Recording.id == match.recording_id)
        .where(match.application_id.in_(ids))
        .order_by(match.application_id, match.position)
    )
