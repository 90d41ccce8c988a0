"""접수함: which applications wait for a custodian, in the order in which they are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, func, select

from portal import clock
from portal.accounts.models import Account
from portal.applications.custody import handled_by
from portal.applications.models import Application
from portal.applications.states import State
from portal.applications.wanted_text import says
from portal.extensions import db


class Tab(StrEnum):
    """What a custodian has to do with it."""

    WAITING = "waiting"
    IN_HAND = "in_hand"
    SUPPLEMENT = "supplement"
    FORWARDED = "forwarded"
    ALL = "all"


TAB_TITLES = {
    Tab.WAITING: "접수 대기",
    Tab.IN_HAND: "처리 중",
    Tab.SUPPLEMENT: "보완 중",
    Tab.FORWARDED: "결재 중",
    Tab.ALL: "전체",
}
#: Here the due date still counts.
_OPEN = (State.SUBMITTED, State.RECEIVED, State.SUPPLEMENT_REQUESTED, State.REVIEWED)
_ENDED = tuple(state for state in State if state not in (*_OPEN, State.DRAFT))
#: Under which tab these are, wherever they lie.
_TABS: dict[str, Tab] = {State.SUBMITTED: Tab.WAITING, State.SUPPLEMENT_REQUESTED: Tab.SUPPLEMENT}


@dataclass(frozen=True, kw_only=True)
class InboxFilter:
    """What the box above the table asks for; `text` is typed."""

    tab: Tab = Tab.WAITING
    since: date | None = None
    until: date | None = None
    state: State | None = None
    text: str = ""


def inbox(wanted: InboxFilter, account: Account) -> Select[Application]:
    """The applications of a tab that wait for something, due first; for who acts as custodian
    (직무대리) what is theirs."""
    opens = Application.state.in_(_OPEN)
    return (
        _chosen(wanted)
        .where(opens, handled_by(account))
        .order_by(Application.due_on, Application.id)
    )


def finished(wanted: InboxFilter, account: Account) -> list[Select[Application]]:
    """What follows them under 전체: what is at an end, the newest first."""
    if wanted.tab != Tab.ALL:
        return []
    ended = Application.state.in_(_ENDED)
    return [_chosen(wanted).where(ended, handled_by(account)).order_by(Application.id.desc())]


def _chosen(wanted: InboxFilter) -> Select[Application]:
    return select(Application).where(*_conditions(wanted))


def counts(account: Account) -> dict[Tab, int]:
    """How many applications wait under each tab but 전체; one query."""
    forwarded = Application.forwarded_at.is_not(None)
    statement = (
        select(Application.state, forwarded, func.count())
        .where(Application.state.in_(_OPEN), handled_by(account))
        .group_by(Application.state, forwarded)
    )
    found: dict[Tab, int] = dict.fromkeys((tab for tab in Tab if tab != Tab.ALL), 0)
    for state, lies_with_approvers, count in db.session.execute(statement):
        tab = Tab.FORWARDED if lies_with_approvers else Tab.IN_HAND
        found[_TABS.get(state, tab)] += count
    return found


def _conditions(wanted: InboxFilter) -> list[ColumnElement[bool]]:
    found = [_of(wanted.tab)]
    if wanted.state:
        found.append(Application.state == wanted.state)
    if wanted.since:
        found.append(Application.submitted_at >= clock.midnight(wanted.since))
    if wanted.until:
        following = wanted.until + timedelta(days=1)
        found.append(Application.submitted_at < clock.midnight(following))
    text = says(wanted.text)
    return found if text is None else [*found, text]


def _of(tab: Tab) -> ColumnElement[bool]:
    forwarded = Application.forwarded_at.is_not(None)
    match tab:
        case Tab.WAITING:
            return Application.state == State.SUBMITTED
        case Tab.IN_HAND:
            return and_(Application.state == State.RECEIVED, ~forwarded)
        case Tab.SUPPLEMENT:
            return Application.state == State.SUPPLEMENT_REQUESTED
        case Tab.FORWARDED:
            return and_(Application.state.in_((State.RECEIVED, State.REVIEWED)), forwarded)
        case Tab.ALL:
            return Application.state != State.DRAFT
