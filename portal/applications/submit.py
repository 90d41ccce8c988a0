"""신청: a complete draft becomes an application that waits for receipt (제7조②)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal import clock
from portal.accounts.models import Account
from portal.applications.complete import FieldError, mistakes
from portal.applications.draft import CannotApply, NotADraft, guard_own_call
from portal.applications.due import due_on, first_deletion
from portal.applications.file_for import guard_filing_for
from portal.applications.fitting import was_party
from portal.applications.models import Application
from portal.applications.move import move
from portal.applications.states import Action, State
from portal.database import lock, writing
from portal.roles import Role
from portal.runtime import settings
from portal.words import worded


@dataclass
class Incomplete(Exception):
    """The draft cannot be submitted yet; `errors` names every field and what to do."""

    errors: list[FieldError]

    def __str__(self) -> str:
        return " ".join(error.message for error in self.errors)


def submit(application: Application, *, by: Account) -> None:
    """Submit a draft inside `write()`.

    Raises `NotADraft` (not this person's), `WrongState` (submitted before), `Incomplete` with all
    mistakes, and `CannotApply` where the person may not file it at all.
    """
    lock(application)
    if application.entered_by_id != by.id:
        raise NotADraft("이 신청서를 작성한 사람만 제출할 수 있습니다.")
    if application.state == State.DRAFT:
        _guard_right_to_file(application, by)
        if errors := mistakes(application):
            raise Incomplete(errors)
        _bind(application)
    move(application, Action.SUBMIT, by=by, capacity=capacity_of(application))


def _guard_right_to_file(application: Application, by: Account) -> None:
    if application.filed_for is not None:
        guard_filing_for(application.filed_for, by)
        _refuse_party(application, by)
        return
    if application.applicant_kind == "employee":
        if application.applicant_id != by.person_id or application.asked_recording is None:
            raise CannotApply("본인의 통화에서 신청을 시작해 주십시오.")
        guard_own_call(application.asked_recording, by)
        return
    if Role.COUNTER not in by.roles:
        raise CannotApply(worded("민원인의 신청은 {titles.counter}만 제출할 수 있습니다."))
    _refuse_party(application, by)


def _refuse_party(application: Application, by: Account) -> None:
    if was_party(application, by):
        raise CannotApply(
            worded(
                "이 통화의 당사자는 상대방의 신청을 입력할 수 없습니다. 다른 {titles.counter}에게 "
                "넘겨 주십시오."
            )
        )


def _bind(application: Application) -> None:
    """Fix what holds for this application from now on."""
    now = clock.now()
    rules = settings()
    application.submitted_at = now
    application.due_on = due_on(
        clock.seoul(now).date(), rules.application.due_days, first_deletion(application)
    )
    application.settings_snapshot = binding_settings()
    writing().flush()


def binding_settings() -> dict[str, Any]:
    """The settings an application keeps: approval line, titles and periods, as they are now."""
    parts = {"approval", "titles", "application", "retention", "inspection"}
    return settings().model_dump(mode="json", include=parts)


def capacity_of(application: Application) -> str:
    """In which capacity whoever filed it acts."""
    if application.is_official:
        return settings().titles.custodian
    if application.applicant_id is not None:
        return "신청인"
    by_custodian = Role.COUNTER not in application.entered_by.roles
    return settings().titles.custodian if by_custodian else settings().titles.counter
