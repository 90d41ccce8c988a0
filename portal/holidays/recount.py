"""A day off that is declared later moves the 처리기한 of what is in hand (「행정기본법」 제6조).

A period whose last day is a public holiday ends on the next working day, whenever the holiday was
declared. The deletion of the recordings never moves (제8조①), so the other bound, the last working
day before it, may come earlier.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal import audit, clock
from portal.accounts.models import Account
from portal.applications.due import due_now, first_deletion
from portal.applications.models import Application, ApplicationRecording
from portal.applications.states import State
from portal.database import lock, writing

_IN_HAND = (
    State.SUBMITTED,
    State.RECEIVED,
    State.SUPPLEMENT_REQUESTED,
    State.REVIEWED,
    State.APPROVED,
)


def recount(*, by: Account) -> int:
    """Set the 처리기한 of everything in hand anew, inside the `write()` that changed the list.

    What is late already stays late. Returns how many moved.
    """
    matched = selectinload(Application.matches).joinedload(ApplicationRecording.recording)
    statement = (
        select(Application)
        .where(Application.state.in_(_IN_HAND), Application.due_on >= clock.today())
        .options(
            matched, joinedload(Application.asked_recording), selectinload(Application.transitions)
        )
        .order_by(Application.id)
    )
    return sum(_move(application, by) for application in writing().scalars(statement).all())


def _move(application: Application, by: Account) -> bool:
    before, after = application.due_on, due_now(application, first_deletion(application))
    if after == before or before is None or after is None:
        return False
    lock(application)
    if application.due_on != before or application.state not in _IN_HAND:
        return False  # decided, or counted anew, meanwhile
    application.due_on = after
    audit.record(
        "application.due_moved",
        by=by,
        on=application,
        before=before.isoformat(),
        after=after.isoformat(),
    )
    return True
