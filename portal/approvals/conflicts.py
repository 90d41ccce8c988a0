"""The same rule as `portal.applications.conflict`, for many applications at once.

For a page of them in one query, and as a condition, so that the queue of an acting person can ask
the database which applications every holder must leave alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, exists, or_, select

from portal.accounts.models import Account
from portal.applications.models import Application, ApplicationRecording, ApprovalStep
from portal.extensions import db
from portal.recordings.models import Recording
from portal.recordings.parties import calls_as_party


def conflicts_among(
    applications: Sequence[Application], account: Account, *, deciding: bool = True
) -> dict[int, str]:
    """By application id, why this account must not handle it; the others are left out.

    `deciding`: nobody fills two columns of the 결재, so who decided before counts too.
    """
    ids = {recording.id for a in applications for recording in recordings_of(a)}
    took_part = set(
        db.session.scalars(
            select(Recording.id).where(Recording.id.in_(ids), calls_as_party(account.person))
        )
    )
    found = {a.id: _why(a, account, took_part, deciding=deciding) for a in applications}
    return {application_id: why for application_id, why in found.items() if why}


def is_barred(account: Account) -> ColumnElement[bool]:
    """The condition that an Application must not be decided by this account."""
    own = calls_as_party(account.person)
    matched = (
        exists()
        .where(
            ApplicationRecording.application_id == Application.id,
            ApplicationRecording.recording_id.in_(select(Recording.id).where(own)),
        )
        .correlate(Application)
    )
    decided = (
        exists()
        .where(
            ApprovalStep.application_id == Application.id, ApprovalStep.decided_by_id == account.id
        )
        .correlate(Application)
    )
    return or_(
        Application.applicant_id.is_not_distinct_from(account.person_id),
        Application.filed_for_id.is_not_distinct_from(account.person_id),
        and_(Application.entered_by_id == account.id, Application.ground < 3),
        Application.asked_recording_id.in_(select(Recording.id).where(own)),
        matched,
        decided,
    )


def _why(
    application: Application, account: Account, took_part: set[int], *, deciding: bool
) -> str | None:
    if application.party_id == account.person_id:
        return "신청인 본인"
    if application.entered_by_id == account.id and not application.is_official:
        return "신청을 입력한 사람"
    if any(recording.id in took_part for recording in recordings_of(application)):
        return "통화 당사자"
    if deciding and any(step.decided_by_id == account.id for step in application.steps):
        return "앞 단계 결재자"
    return None


def recordings_of(application: Application) -> list[Recording]:
    """The matched calls, and the one it was asked from."""
    recordings = [match.recording for match in application.matches]
    asked = application.asked_recording
    return recordings if asked is None or asked in recordings else [*recordings, asked]
