"""The same rule as `portal.applications.conflict`, for many applications at once.

For a page of them in one query, and as a condition, so that the queue of an acting person can ask
the database which applications every holder must leave alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Subquery,
    and_,
    bindparam,
    exists,
    or_,
    select,
    union_all,
)

from portal.accounts.models import Account
from portal.applications.models import Application, ApplicationRecording, ApprovalStep
from portal.recordings.models import Recording
from portal.recordings.parties import calls_as_party, parties_of


class Concerned(Protocol):
    """An application, or what a list has read of it."""

    @property
    def id(self) -> int: ...
    @property
    def party_id(self) -> int | None: ...
    @property
    def entered_by_id(self) -> int: ...
    @property
    def is_official(self) -> bool: ...


def conflicts_among(
    applications: Iterable[Concerned], account: Account, filled: Collection[int] = ()
) -> dict[int, str]:
    """By application id, why this account must not handle it; the others are left out. One query.

    `filled`: where the account has filled a column of the 결재: nobody fills two.
    """
    listed = {application.id: application for application in applications}
    parties = parties_of(_calls, listed) if listed else set()
    concerned = {one for one, person_id in parties if person_id == account.person_id}
    found = {one: _why(a, account, concerned, filled) for one, a in listed.items()}
    return {one: why for one, why in found.items() if why}


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
        and_(Application.entered_by_id == account.id, ~Application.is_official),
        Application.asked_recording_id.in_(select(Recording.id).where(own)),
        matched,
        decided,
    )


def _why(
    application: Concerned, account: Account, concerned: Collection[int], filled: Collection[int]
) -> str | None:
    if application.party_id == account.person_id:
        return "신청인 본인"
    if application.entered_by_id == account.id and not application.is_official:
        return "신청을 입력한 사람"
    if application.id in concerned:
        return "통화 당사자"
    return "앞 단계 결재자" if application.id in filled else None


def _calls() -> Subquery:
    """The matched calls of each application, and the one it was asked from."""
    ids: BindParameter[int] = bindparam("ids", expanding=True)
    asked = Application.asked_recording_id
    matched = select(
        ApplicationRecording.application_id.label("id"), ApplicationRecording.recording_id
    )
    matched = matched.where(ApplicationRecording.application_id.in_(ids))
    named = select(Application.id, asked).where(Application.id.in_(ids), asked.is_not(None))
    return union_all(matched, named).subquery()
