"""Lists of applications: what a filter asks for, one query a page, no query a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.accounts.models import Account
from portal.applications.models import Application
from portal.applications.states import State
from portal.applications.visibility import office_id_of
from portal.applications.wording import line
from portal.extensions import db

SIZES = (10, 20, 50)
_MOST_PAGES = 10_000


@dataclass(frozen=True)
class Filter:
    """What the box above a table asks for; words that are no state or no day ask for nothing."""

    state: str = ""
    since: date | None = None
    until: date | None = None
    text: str = ""
    page: int = 1
    per_page: int = SIZES[0]
    given: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Filter:
        """From the address of the page (GET parameters)."""
        per_page = _number(given.get("per_page"), SIZES[0])
        state = given.get("state", "")
        kept = ("state", "since", "until", "q")
        return cls(
            state=state if state in set(State) else "",
            since=_day(given.get("since")),
            until=_day(given.get("until")),
            text=line(given.get("q"))[:100],
            page=min(_number(given.get("page"), 1), _MOST_PAGES),
            per_page=per_page if per_page in SIZES else SIZES[0],
            given={name: given[name] for name in kept if given.get(name)},
        )


def own_applications(account: Account, wanted: Filter) -> Pagination:
    """Those the account's person applies for as an employee, newest first."""
    chosen = select(Application).where(Application.applicant_id == account.person_id)
    return _page(chosen, wanted)


def counter_applications(account: Account, wanted: Filter) -> Pagination:
    """Those entered at the counter where the account's person sits today; of drafts only own."""
    chosen = select(Application).where(
        Application.office_id == office_id_of(account),
        Application.applicant_id.is_(None),
        or_(Application.state != State.DRAFT, Application.entered_by_id == account.id),
    )
    if wanted.text:
        begins = wanted.text.replace("\\", "").replace("%", "").replace("_", "") + "%"
        chosen = chosen.where(
            or_(Application.applicant_name.like(begins), Application.control_no.like(begins))
        )
    return _page(chosen, wanted)


def _page(chosen: Select[Application], wanted: Filter) -> Pagination:
    if wanted.state:
        chosen = chosen.where(Application.state == wanted.state)
    if wanted.since:
        chosen = chosen.where(Application.created_at >= clock.midnight(wanted.since))
    if wanted.until:
        following = clock.midnight(wanted.until + timedelta(days=1))
        chosen = chosen.where(Application.created_at < following)
    chosen = chosen.options(
        joinedload(Application.asked_recording), joinedload(Application.entered_by)
    ).order_by(Application.id.desc())
    return db.paginate(chosen, page=wanted.page, per_page=wanted.per_page, error_out=False)


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and int(text) > 0 else otherwise


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2999 else None
