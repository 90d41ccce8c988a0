"""회수 and 취하: whoever sent an application on takes it back, or gives it up."""

from __future__ import annotations

from portal import clock
from portal.accounts.models import Account
from portal.applications.choose import take_back
from portal.applications.custody import capacity_of_custodian
from portal.applications.due import due_now, first_deletion
from portal.applications.models import Application
from portal.applications.move import move
from portal.applications.parts import guard
from portal.applications.signature import unsign
from portal.applications.states import Action, State
from portal.applications.submit import capacity_of
from portal.applications.typed import kept


def recall(application: Application, *, by: Account) -> list[str]:
    """회수 inside `write()`, before the next person acted.

    A submitted application becomes a draft again; its signature is void, since what is sent next
    may be another text. One that lies with the approvers, none of whom has decided, comes back to
    the custodians, and so does one whose 보완요구 was not answered. Returns the ids of blobs for
    `signature.drop` after the commit. Raises `WrongState`, `Conflict` and `NotYours`.
    """
    guard(application, Action.RECALL, by)
    if application.state != State.SUBMITTED:
        _to_custodians(application, by)
        return []
    move(application, Action.RECALL, by=by, capacity=capacity_of(application))
    application.submitted_at, application.due_on = None, None
    application.settings_snapshot = {}
    application.saved_at = clock.now()
    return unsign(application, by=by)


def withdraw(application: Application, *, by: Account, text: str = "") -> None:
    """취하 inside `write()`, at any time before the decision; final.

    Raises `WrongState`, `NotYours` and `BadText`.
    """
    guard(application, Action.WITHDRAW, by)
    move(
        application,
        Action.WITHDRAW,
        by=by,
        capacity=capacity_of(application),
        opinion=kept(text),
    )
    application.supplement_due_on = None


def _to_custodians(application: Application, by: Account) -> None:
    move(application, Action.RECALL, by=by, capacity=capacity_of_custodian(application, by))
    application.forwarded_at = None
    take_back(application)
    application.supplement_due_on = None
    application.due_on = due_now(application, first_deletion(application))
