"""Who is what to an application, and so what they may do: the table of `states.py` for a person."""

from __future__ import annotations

from dataclasses import dataclass

from portal import clock
from portal.accounts.models import Account
from portal.applications.conflict import conflict_of
from portal.applications.custody import handles, refuse_party
from portal.applications.models import Application
from portal.applications.states import (
    TRANSITIONS,
    Action,
    Part,
    State,
    Way,
    WrongState,
    action_title,
)
from portal.approvals.standing import stands_before
from portal.database import lock
from portal.handover.transferor import is_transferor
from portal.roles import Role


@dataclass
class NotYours(Exception):
    """The action exists in this state, but it is somebody else's."""

    action: Action

    def __str__(self) -> str:
        return (
            f"'{action_title(self.action)}' 처리는 이 신청을 맡은 사람만 할 수 있습니다. "
            "신청한 사람이나 담당자에게 알려 주십시오."
        )


def allowed(
    application: Application, account: Account, *, concerned: bool | None = None
) -> frozenset[Action]:
    """What the table lets this person do with the application now: the buttons of every page.

    `concerned`: whether `conflict_of` found something, where the page has just asked.
    """
    mine = parts_of(application, account, concerned=concerned)
    return frozenset(
        action
        for (state, action), way in TRANSITIONS.items()
        if state == application.state and _is_open(way, application) and mine & way.by
    )


def guard(application: Application, action: Action, by: Account) -> None:
    """Lock the application and hold the person against the table.

    Raises `WrongState`, `Conflict` where only that is in the way, and `NotYours`.
    """
    lock(application)
    way = TRANSITIONS.get((State(application.state), action))
    if way is None or not _is_open(way, application):
        raise WrongState(State(application.state), action)
    if parts_of(application, by) & way.by:
        return
    if way.by & {Part.CUSTODIAN} and handles(application, by):
        refuse_party(application, by)
    raise NotYours(action)


def parts_of(
    application: Application, account: Account, *, concerned: bool | None = None
) -> frozenset[Part]:
    """What the account is to this application today; whom it concerns has no other part in it."""
    if not account.is_active:
        return frozenset()
    found = set()
    if application.applicant_id == account.person_id:
        found |= {Part.APPLICANT, Part.LISTENER}
    if application.filed_for_id == account.person_id:
        found.add(Part.APPLICANT)  # they hear at the counter, not by themselves
    if application.entered_by_id == account.id:
        found.add(Part.ENTERER)
    if concerned is None:
        concerned = conflict_of(application, account) is not None
    if not concerned:
        found |= _handling(application, account)
    return frozenset(found)


def _is_open(way: Way, application: Application) -> bool:
    step = application.current_step
    at_last = step is not None and step is application.steps[-1]
    return way.forwarded in (None, step is not None) and way.last in (None, at_last)


def _handling(application: Application, account: Account) -> set[Part]:
    step = application.current_step
    earlier = any(one.decided_by_id == account.id for one in application.steps)
    has = {
        Part.CUSTODIAN: handles(application, account),
        # 한 사람이 두 칸을 결재하지 않는다.
        Part.APPROVER: step is not None and not earlier and stands_before(account, step),
        Part.TRANSFEROR: is_transferor(application, account),
        Part.LISTENER: _sits_in(application, account),
    }
    return {part for part, holds in has.items() if holds}


def _sits_in(application: Application, account: Account) -> bool:
    """입회: an officer of the counter where the application was entered."""
    if application.applicant_id is not None or Role.COUNTER not in account.roles:
        return False
    posting = account.person.posting_on(clock.today())
    return posting is not None and posting.department_id == application.office_id
