"""Lists of applications: what a filter asks for, newest first, no query a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.accounts.models import Account
from portal.applications.models import Application
from portal.applications.states import State
from portal.applications.visibility import office_id_of
from portal.applications.wanted_text import says
from portal.applications.wording import line


@dataclass(frozen=True)
class Filter:
    """What the box above a table asks for; words that are no state or no day ask for nothing."""

    state: str = ""
    since: date | None = None
    until: date | None = None
    text: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Filter:
        """From the address of the page (GET parameters)."""
        state = given.get("state", "")
        return cls(
            state=state if state in set(State) else "",
            since=_day(given.get("since")),
            until=_day(given.get("until")),
            text=line(given.get("q"))[:100],
        )


def own_applications(account: Account, wanted: Filter) -> Select[Application]:
    """Those the account's person applies for as an employee, newest first."""
    chosen = select(Application).where(
        or_(
            Application.applicant_id == account.person_id,
            and_(
                Application.filed_for_id == account.person_id,
                Application.state != State.DRAFT,
            ),
        )
    )
    return _narrowed(chosen, wanted)


def counter_applications(account: Account, wanted: Filter) -> Select[Application]:
    """Those entered at the counter where the account's person sits today; of drafts only own."""
    chosen = select(Application).where(
        Application.office_id == office_id_of(account),
        Application.applicant_id.is_(None),
        or_(Application.state != State.DRAFT, Application.entered_by_id == account.id),
    )
    return _narrowed(chosen, wanted)


def _narrowed(chosen: Select[Application], wanted: Filter) -> Select[Application]:
    if (text := says(wanted.text)) is not None:
        chosen = chosen.where(text)
    if wanted.state:
        chosen = chosen.where(Application.state == wanted.state)
    if wanted.since:
        chosen = chosen.where(Application.created_at >= clock.midnight(wanted.since))
    if wanted.until:
        following = clock.midnight(wanted.until + timedelta(days=1))
        chosen = chosen.where(Application.created_at < following)
    return chosen.options(joinedload(Application.entered_by)).order_by(Application.id.desc())


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2999 else None
