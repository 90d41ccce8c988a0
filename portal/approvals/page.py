"""What the templates of the queue are given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request, url_for
from sqlalchemy import select

from portal.accounts.models import Account
from portal.applications.evidence import evidence_of
from portal.applications.form1_data import requested_call, shown_birth
from portal.applications.models import Application
from portal.applications.progress import events_of
from portal.applications.states import Action, state_title
from portal.applications.visibility import may_see, may_see_evidence
from portal.approvals import queue
from portal.approvals.detail import Detail, detail_of, find
from portal.approvals.forms import DecisionForm, kept, wanted_of
from portal.approvals.lines import Line, Place, days_left, lines_for
from portal.approvals.past import STATES
from portal.approvals.refusals import AlreadyDecided, NoSuchTransferor
from portal.approvals.shown import APPLICANTS, approval_line_of, calls_of
from portal.extensions import db
from portal.web.paging import CAP, Page, paginate, paginate_ids

#: Ten years of what others decided: each is looked at in its history, and none needs its number.
_MOST_PAST = 1_000


def list_context(account: Account, after: Place | None = None) -> dict[str, Any]:
    """The list that the address asks for; `after` is the place of what was just decided: the row
    that follows it gets the focus."""
    wanted, given = wanted_of(request.args), kept(request.args)
    found = _found(account, wanted)
    return {
        "wanted": wanted,
        "past_states": [("", "전체"), *((str(s), state_title(s)) for s in STATES)],
        "given": given,
        "found": found,
        "rows": found.rows,
        "version": queue.version(found.rows, found.total),
        "applicants": APPLICANTS,
        "opened": "",
        "focused": _next_after(after, found.rows),
        "page_url": lambda page, per_page: url_for(
            "approvals.queue", **(given | {"page": page, "per_page": per_page})
        ),
    }


def _found(account: Account, wanted: queue.Wanted) -> Page[Line]:
    read = lines_for(account, done=wanted.done, past=wanted.past)
    if wanted.done:
        listed, key, counted = queue.decided(account, wanted)
        return paginate(listed, lines=(key, read), counted=counted)
    return paginate_ids(queue.ids(account, wanted), read, _MOST_PAST if wanted.past else CAP)


def panel_context(
    application: Application, account: Account, detail: Detail | None = None
) -> dict[str, Any]:
    """The open application: its course always, its facts only for those who may read them."""
    detail = detail or detail_of(application, account)
    context: dict[str, Any] = {
        "detail": detail,
        "opened": application.public_id,
        "given": kept(request.args),
        "approval": approval_line_of(application),
        "events": events_of(application, facts=detail.reads),
        "applicants": APPLICANTS,
        "forms": {a: _form(a, detail.transferors) for a in detail.actions},
        "days": days_left(application),
    }
    if detail.reads:
        context |= {
            "call": requested_call(application),
            "calls": calls_of(application),
            "birth": shown_birth(application.birth_or_business_no),
            "files": evidence_of(application),
            "signed": any(file.kind == "signature" for file in application.files),
            "shows_paper": may_see(application, account),
            "shows_evidence": may_see_evidence(application, account, is_free=True),  # `reads`
        }
    return context


def change_of_open(opened: str, account: Account) -> dict[str, Any] | None:
    """What happened to the application that is open (`<public id>.<entries seen>`), if anything."""
    public_id, _, seen = opened.partition(".")
    application = find(public_id, account) if seen.isdecimal() else None
    if application is None or len(application.transitions) <= int(seen):
        return None
    last = application.transitions[-1]
    own = last.by_id == account.id
    return {"application": application, "text": "" if own else str(AlreadyDecided.by(last))}


def named(public_id: str | None) -> Account | None:
    """The account chosen as 인계자; None for the default. Raises `NoSuchTransferor`."""
    if not public_id:
        return None
    account = db.session.scalar(select(Account).where(Account.public_id == public_id))
    if account is None:
        raise NoSuchTransferor
    return account


def _form(action: Action, transferors: list[Account]) -> DecisionForm:
    return DecisionForm(formdata=None).prepare(action, transferors)


def _next_after(after: Place | None, rows: Sequence[Line]) -> str:
    if after is None or not rows:
        return ""
    following = [row for row in rows if row.place > after]
    return str((following[0] if following else rows[-1]).of_it.public_id)
