"""The one way an application changes its state: locked, guarded, noted and logged."""

from __future__ import annotations

from portal import audit, clock
from portal.accounts.models import Account
from portal.announcements import announce
from portal.applications.models import Application, Transition
from portal.applications.states import Action, State, next_state
from portal.database import lock, writing


def move(
    application: Application,
    action: Action,
    *,
    by: Account | None,
    capacity: str = "",
    opinion: str = "",
) -> Transition:
    """Carry out `action` inside the open `write()`: of two at once, the second one finds the state
    already changed and gets `WrongState`.

    `by` is None where the portal itself acts. `capacity` is how the person is named in the history.
    Callers that guard on anything else of the row call `lock(application)` before they look.
    """
    lock(application)
    before = State(application.state)
    after = next_state(before, action)
    application.state = after
    transition = Transition(
        application_id=application.id,
        action=action,
        from_state=before,
        to_state=after,
        by_id=by.id if by else None,
        capacity=capacity,
        opinion=opinion,
        at=clock.now(),
    )
    writing().add(transition)
    audit.record(f"application.{action}", by=by, on=application, to=str(after))
    announce(f"application.{action}", application, by)
    return transition
