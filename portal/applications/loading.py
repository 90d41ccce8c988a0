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

#: For `filing_page.find`: three queries more, however much happened.
WHOLE: tuple[ORMOption, ...] = (
    joinedload(Application.entered_by),
    joinedload(Application.received_by),
    joinedload(Application.identity_checked_by),
    joinedload(Application.transferor),
    joinedload(Application.asked_recording),
    joinedload(Application.matches).joinedload(ApplicationRecording.recording),
    selectinload(Application.steps).joinedload(ApprovalStep.decided_by),
    selectinload(Application.transitions).joinedload(Transition.by),
    selectinload(Application.files),
)
