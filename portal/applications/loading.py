"""What the page of one application reads, loaded at once: the names of those who acted with it."""

from __future__ import annotations

from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from portal.applications.models import (
    Application,
    ApplicationRecording,
    ApprovalStep,
    Transition,
)

#: For `filing_page.find`: one query more, however much happened.
WHOLE: tuple[ORMOption, ...] = (
    joinedload(Application.entered_by),  # whoever else acted stands in the history
    joinedload(Application.asked_recording),
    joinedload(Application.matches).joinedload(ApplicationRecording.recording),
    joinedload(Application.steps).joinedload(ApprovalStep.decided_by),
    joinedload(Application.files),  # one or two
    selectinload(Application.transitions).joinedload(Transition.by),
)
