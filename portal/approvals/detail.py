"""The one application that is open beside the list: what this person may read of it and do."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Account
from portal.applications.conflict import conflict_of
from portal.applications.models import (
    Application,
    ApplicationRecording,
    ApprovalStep,
    Transition,
)
from portal.applications.states import Action
from portal.approvals.decide import DECISIONS, WAITING, actions_at
from portal.approvals.standing import Standing, standing_of
from portal.approvals.transferors import candidates
from portal.extensions import db


@dataclass(frozen=True)
class Detail:
    """`reads`: the whole application, not only its course. `conflict`: why one may not act.
    `actions`: empty where it is not one's turn. `acting`: one stands in for the holder (대결).
    `seen`: entries of the history, for the verbs."""

    application: Application
    reads: bool
    conflict: str | None
    actions: tuple[Action, ...]
    transferors: list[Account]
    acting: bool = False

    @property
    def seen(self) -> int:
        return len(self.application.transitions)

    @property
    def next_title(self) -> str:
        """Who is next after the current step; empty at the last one."""
        current = self.application.current_step
        after = [s for s in self.application.steps if current and s.position > current.position]
        return after[0].title if after else ""


def find(public_id: str, account: Account) -> Application | None:
    """The application, if it was ever sent to approvers of one of the account's roles, or of a
    role in whose place it acts today, or if it decided there itself."""
    roles = account.roles | account.acting_roles
    mine = exists().where(
        ApprovalStep.application_id == Application.id,
        or_(ApprovalStep.role.in_(roles), ApprovalStep.decided_by_id == account.id),
    )
    sent = exists().where(
        Transition.application_id == Application.id, Transition.action == Action.FORWARD
    )
    found = db.session.scalars(
        select(Application)
        .where(Application.public_id == public_id, mine, sent)
        .options(
            joinedload(Application.files),  # one or two
            joinedload(Application.matches).joinedload(ApplicationRecording.recording),
            joinedload(Application.steps).joinedload(ApprovalStep.decided_by),
            selectinload(Application.transitions).joinedload(Transition.by),
        )
    )
    return found.unique().one_or_none()


def detail_of(application: Application, account: Account) -> Detail:
    """What the account may read of the application and do with it at this moment."""
    step = application.current_step if application.state in WAITING else None
    standing = standing_of(account, step) if step else Standing.NONE
    own_step = standing in (Standing.HOLDER, Standing.ACTING)
    concerned = conflict_of(application, account)
    conflict = str(concerned) if concerned else None
    if own_step and any(s.decided_by_id == account.id for s in application.steps):
        conflict = conflict or (
            "앞 단계를 결재한 사람이므로 이 단계는 처리할 수 없습니다. 대결할 사람이 결재합니다."
        )
    acts = own_step and conflict is None
    actions = actions_at(step) if acts and step else ()
    return Detail(
        application=application,
        reads=concerned is None and (own_step or _decided(application, account)),
        conflict=conflict if own_step else None,
        actions=actions,
        transferors=candidates(application) if Action.APPROVE in actions else [],
        acting=standing is Standing.ACTING,
    )


def _decided(application: Application, account: Account) -> bool:
    return any(
        t.by_id == account.id and Action(t.action) in DECISIONS for t in application.transitions
    )
