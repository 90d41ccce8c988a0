"""검토, 승인, 반려, 거절: the decision on an application that lies with the approvers (제7조③).

Each verb runs inside `write()`, locks the application before it looks, and leaves an entry in the
history and in the log. Of two at once exactly one wins; the other gets `AlreadyDecided`.
The last step decides (과장's decision is final); the steps before it pass the application on, with
a differing opinion where there is one, or return it.

`seen` is the number of history entries the person had before their eyes: where it has grown since,
they decide on something else than they read, and get `AlreadyDecided` as well.
"""

from __future__ import annotations

from sqlalchemy import select

from portal.accounts.models import Account
from portal.applications.conflict import Conflict, refuse_conflict
from portal.applications.forward import living_matches
from portal.applications.models import Application, ApprovalStep, Transition
from portal.applications.move import move
from portal.applications.resident_number import MESSAGE, holds_resident_number
from portal.applications.states import Action, State, WrongState
from portal.applications.wording import paragraphs
from portal.approvals.refusals import AlreadyDecided, BadOpinion, NothingLeft, NotYourStep
from portal.approvals.standing import (
    Standing,
    acting_for,
    capacity_at,
    free_among,
    free_holders,
    standing_of,
)
from portal.approvals.transferors import guard_transferor
from portal.database import lock, writing
from portal.documents.glyphs import unprintable
from portal.roles import Role

#: The states in which an application can lie with the approvers (`forwarded_at` says if it does).
WAITING = (State.RECEIVED, State.REVIEWED)
#: What approvers do.
DECISIONS = (Action.REVIEW, Action.APPROVE, Action.RETURN, Action.REFUSE)
LONGEST_OPINION = 1000  # characters
SAME_PERSON = "앞 단계를 결재한 사람이므로"


def review(
    application: Application, *, by: Account, opinion: str = "", seen: int | None = None
) -> Transition:
    """Pass the application on to the next step; a differing opinion stays on this one."""
    text = _opinion(opinion, required=False)
    step = _due_step(application, Action.REVIEW, by, seen)
    return _fill(step, application, Action.REVIEW, by, text)


def approve(
    application: Application,
    *,
    by: Account,
    opinion: str = "",
    transferor: Account | None = None,
    seen: int | None = None,
) -> Transition:
    """The last step's approval. `transferor` names a counter officer, None leaves the handover to
    the custodian; raises `NoSuchTransferor`, and `NothingLeft` where all recordings are gone."""
    text = _opinion(opinion, required=False)
    step = _due_step(application, Action.APPROVE, by, seen)
    # The clock decides, whether or not the deletion has run.
    if application.matches and not living_matches(application):
        raise NothingLeft
    guard_transferor(application, transferor)
    done = _fill(step, application, Action.APPROVE, by, text)
    application.decided_at = done.at
    application.transferor_id = transferor.id if transferor else None
    return done


def return_(
    application: Application, *, by: Account, opinion: str, seen: int | None = None
) -> Transition:
    """반려: back to the custodian, the steps empty again; what was decided stays in the history."""
    text = _opinion(opinion, required=True)
    step = _due_step(application, Action.RETURN, by, seen)
    capacity = capacity_at(step, standing_of(by, step))[1]
    done = move(application, Action.RETURN, by=by, capacity=capacity, opinion=text)
    application.forwarded_at = None
    for step in application.steps:
        step.decided_by_id, step.decided_at = None, None
        step.capacity, step.opinion = "", ""
    return done


def refuse(
    application: Application, *, by: Account, opinion: str, seen: int | None = None
) -> Transition:
    """거절, by the last step only; the opinion is the reason the applicant is told."""
    text = _opinion(opinion, required=True)
    step = _due_step(application, Action.REFUSE, by, seen)
    done = _fill(step, application, Action.REFUSE, by, text)
    application.decided_at = done.at
    return done


def is_last(step: ApprovalStep) -> bool:
    """Whether this step decides."""
    return step.position == max(other.position for other in step.application.steps)


def actions_at(step: ApprovalStep) -> tuple[Action, ...]:
    """What the approver of this step can do."""
    if is_last(step):
        return (Action.APPROVE, Action.RETURN, Action.REFUSE)
    return (Action.REVIEW, Action.RETURN)


def _due_step(
    application: Application, action: Action, by: Account, seen: int | None
) -> ApprovalStep:
    """The locked application's current step, if this person may take this action at it now."""
    lock(application)
    steps = _steps_as_they_are(application)
    history = application.transitions
    if seen is not None and len(history) > seen:
        raise AlreadyDecided.by(history[-1])
    step = application.current_step
    if step is None or application.state not in WAITING:
        last = next((t for t in reversed(history) if t.action in DECISIONS), None)
        raise AlreadyDecided.by(last) if last else WrongState(State(application.state), action)
    _guard_person(application, steps, step, by)
    if action not in actions_at(step):
        raise NotYourStep(_wrong_action(step))
    return step


def _guard_person(
    application: Application, steps: list[ApprovalStep], step: ApprovalStep, by: Account
) -> None:
    if not by.is_active:
        raise NotYourStep("사용이 끝난 계정으로는 결재할 수 없습니다.")
    standing = standing_of(by, step)
    if standing is Standing.NONE:
        decided = [s for s in steps if s.decided_at and Role(s.role) in by.roles]
        if decided:
            raise AlreadyDecided.by(application.transitions[-1])
        raise NotYourStep(f"지금은 '{step.title}' 결재 차례입니다. 차례가 된 사람만 결재합니다.")
    if standing is Standing.NOT_NEEDED:
        raise NotYourStep(_holder_is_free(step))
    refuse_conflict(application, by)
    if any(other.decided_by_id == by.id for other in steps):
        raise Conflict(SAME_PERSON)


def _steps_as_they_are(application: Application) -> list[ApprovalStep]:
    """Read anew: what this session has of them may be older than the lock."""
    statement = (
        select(ApprovalStep)
        .where(ApprovalStep.application_id == application.id)
        .order_by(ApprovalStep.position)
        .execution_options(populate_existing=True)
    )
    return list(writing().scalars(statement))


def _fill(
    step: ApprovalStep, application: Application, action: Action, by: Account, opinion: str
) -> Transition:
    capacity, in_history = capacity_at(step, standing_of(by, step))
    done = move(application, action, by=by, capacity=in_history, opinion=opinion)
    step.decided_by_id, step.decided_at = by.id, done.at
    step.capacity, step.opinion = capacity, opinion
    return done


def _holder_is_free(step: ApprovalStep) -> str:
    names = ", ".join(holder.name for holder in free_holders(step))
    if not names:
        first = free_among(acting_for(Role(step.role)), step)[0]
        return f"먼저 대결할 사람은 {first.name}님입니다. 그 사람이 할 수 없을 때에 대신합니다."
    return (
        f"{step.title} {names}님이 결재할 수 있는 신청입니다. 대결은 결재할 사람이 부재중이거나 "
        "이 신청과 이해관계가 있을 때에만 합니다."
    )


def _opinion(text: str, *, required: bool) -> str:
    kept = paragraphs(text)
    if required and not kept:
        raise BadOpinion("의견을 적어 주십시오. 신청을 접수한 사람이나 신청인이 읽습니다.")
    if len(kept) > LONGEST_OPINION:
        raise BadOpinion(f"의견은 {LONGEST_OPINION:,}자까지 적을 수 있습니다. 글을 줄여 주십시오.")
    if holds_resident_number(kept):
        raise BadOpinion(MESSAGE)
    if refused := unprintable(kept):
        raise BadOpinion(refused)  # it may stand on the 거절 통지서
    return kept


def _wrong_action(step: ApprovalStep) -> str:
    if is_last(step):
        return f"마지막 결재({step.title})는 승인, 반려, 거절 가운데 하나로 처리합니다."
    return f"'{step.title}' 단계에서는 검토나 반려만 합니다. 승인과 거절은 마지막 결재가 합니다."
