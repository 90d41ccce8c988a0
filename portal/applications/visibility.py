"""Who may see an application: one rule, for every page that shows one.

Seeing is not acting: `conflict.py` decides who may handle it, the states what can be done.
"""

from __future__ import annotations

from portal import clock
from portal.accounts.models import Account
from portal.applications.conflict import conflict_of
from portal.applications.custody import handles
from portal.applications.models import Application
from portal.applications.states import State
from portal.approvals.standing import stands_before
from portal.roles import Role


def may_see(application: Application, account: Account) -> bool:
    """The applicant, the enterer, officers of its counter, custodians (or who acts for them), and
    approvers in turn.

    A draft is seen by nobody but the person who enters it.
    """
    if not account.is_active:
        return False
    if application.state == State.DRAFT:
        return application.entered_by_id == account.id
    return (
        _is_concerned(application, account)
        or _sits_at_its_counter(application, account)
        or handles(application, account)
        or _decides_or_decided(application, account)
    )


def may_see_evidence(
    application: Application, account: Account, *, is_free: bool | None = None
) -> bool:
    """Custodians and the approvers of this application, none of whom it concerns (conflict).

    `is_free`: whether `conflict_of` found nothing, where the page has just asked.
    """
    if not may_see(application, account) or application.state == State.DRAFT:
        return False
    if not (handles(application, account) or _decides_or_decided(application, account)):
        return False
    return conflict_of(application, account) is None if is_free is None else is_free


def office_id_of(account: Account) -> int | None:
    """The department in which the account's person sits today."""
    posting = account.person.posting_on(clock.today())
    return posting.department_id if posting else None


def _is_concerned(application: Application, account: Account) -> bool:
    named = (application.entered_by_id, application.transferor_id)
    return application.party_id == account.person_id or account.id in named


def _sits_at_its_counter(application: Application, account: Account) -> bool:
    """열람 is attended by officers of the office that took the application in."""
    if application.office_id is None or Role.COUNTER not in account.roles:
        return False
    return application.office_id == office_id_of(account)


def _decides_or_decided(application: Application, account: Account) -> bool:
    """While it lies with somebody of the approver's role, and afterwards for who decided."""
    if any(step.decided_by_id == account.id for step in application.steps):
        return True
    step = application.current_step
    return step is not None and stands_before(account, step)
