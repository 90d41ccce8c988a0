"""What the page of one application shows to the custodian who works on it."""

from __future__ import annotations

from typing import Any

from portal import clock
from portal.accounts.models import Account
from portal.applications import due, progress
from portal.applications.act_forms import DestroyForm, NotFoundForm, SupplementRequestForm
from portal.applications.bounds import bounds_of
from portal.applications.candidates import candidates, matched, offers_of, proposal
from portal.applications.choose import waiting
from portal.applications.custody import concern_of, told_what_to_do
from portal.applications.evidence import evidence_of
from portal.applications.form1_data import shown_birth
from portal.applications.intake_forms import ForwardForm, SearchForm
from portal.applications.models import Application, Transition
from portal.applications.parts import allowed
from portal.applications.receive import is_in_hand
from portal.applications.search import Found
from portal.applications.states import Action
from portal.applications.supplement import open_request, usual_day


def page_of(
    application: Application,
    account: Account,
    *,
    search_form: SearchForm | None = None,
    found: Found | None = None,
    forward_form: ForwardForm | None = None,
    request_form: SupplementRequestForm | None = None,
    not_found_form: NotFoundForm | None = None,
    destroy_form: DestroyForm | None = None,
) -> dict[str, Any]:
    """The context of `intake_item.html` and its fragments.

    `found` is what a search has found; without one only the call that an employee applied from is
    proposed.
    """
    conflict = concern_of(application, account)
    if conflict is not None:
        told_what_to_do(conflict, application)
    works = conflict is None and is_in_hand(application)
    can = allowed(application, account, concerned=conflict is not None)
    return {
        "application": application,
        "conflict": conflict,
        "can": can,
        "can_receive": Action.RECEIVE in can,
        "works": works,
        **_case(application),
        **_calls(application, found, proposes=works),
        "search_form": search_form or SearchForm.about(application),
        "forward_form": forward_form or ForwardForm(formdata=None),
        "request_form": request_form
        or SupplementRequestForm(formdata=None, until=usual_day(application)),
        "destroy_form": destroy_form or DestroyForm.about(application),
        "not_found_form": not_found_form or NotFoundForm(formdata=None),
    }


def _case(application: Application) -> dict[str, Any]:
    """What was filed, where it stands and what has happened to it."""
    return {
        "returned": returned(application),
        "asked": open_request(application),
        "outcome": progress.outcome_of(application),
        "files": evidence_of(application),
        "birth": shown_birth(application.birth_or_business_no),
        "steps": progress.steps_of(application),
        "events": progress.events_of(application),
        "next_words": progress.next_words(application),
        "days": progress.days_left(application),
        "delete_on": due.first_deletion(application),
        "usual_day": usual_day(application),
        "today": clock.today(),
    }


def _calls(application: Application, found: Found | None, *, proposes: bool) -> dict[str, Any]:
    """The calls that were chosen, that the applicant is asked about, that a search found."""
    chosen, offers = matched(application), offers_of(application)
    return {
        "chosen": chosen,
        "chosen_ids": {call.public_id for _position, call in chosen},
        "candidates": candidates(application, [c.recording for c in application.candidates]),
        "offers": {c.recording.public_id: offers[c.recording_id] for c in application.candidates},
        "asks_which": bool(waiting(application)),
        "bounds": bounds_of(application),
        "searched": found is not None,
        "calls": found.calls if found else (proposal(application) if proposes else []),
        "more": found is not None and found.more,
    }


def returned(application: Application) -> Transition | None:
    """The approver's 반려, while the application lies with the custodian because of it."""
    last = application.transitions[-1] if application.transitions else None
    if last is None or last.action != Action.RETURN or not is_in_hand(application):
        return None
    return last
