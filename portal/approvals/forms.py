"""What approvers type: the filter of the list, and an opinion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from wtforms import IntegerField, SelectField, TextAreaField

from portal.accounts.models import Account
from portal.applications.states import State
from portal.applications.wording import line
from portal.approvals.decide import LONGEST_OPINION
from portal.approvals.queue import Wanted
from portal.web.forms import PortalForm
from portal.words import worded

#: The parameters of the address that make the list what it is.
KEPT = ("tab", "state", "kind", "since", "until", "q", "page", "per_page")
_LONGEST_TEXT = 50


class DecisionForm(PortalForm):
    """One decision. The verbs check the opinion; `seen` says what the person had before them."""

    seen = IntegerField()
    opinion = TextAreaField("의견", render_kw={"rows": 4, "maxlength": LONGEST_OPINION})
    transferor = SelectField("인계자", default="", validate_choice=False)

    def prepare(self, action: str, transferors: Iterable[Account]) -> DecisionForm:
        """Ids of its own for each dialog of the page, and who can be named."""
        for field in (self.seen, self.opinion, self.transferor):
            field.id = f"{action}-{field.name}"
        self.opinion.flags.required = action in ("return", "refuse")
        named = [(a.public_id, f"{a.name} ({a.person.department_name})") for a in transferors]
        self.transferor.choices = [("", worded("{titles.custodian} (기본)")), *named]
        return self


def wanted_of(given: Mapping[str, str]) -> Wanted:
    """From the address of the list; what is no kind or no day asks for nothing."""
    kind = given.get("kind", "")
    return Wanted(
        done=given.get("tab") == "done",
        past=given.get("tab") == "past",
        state=given.get("state", "") if given.get("state") in set(State) else "",
        disclosure_type=kind if kind in ("inspection", "provision") else "",
        since=_day(given.get("since")),
        until=_day(given.get("until")),
        text=line(given.get("q"))[:_LONGEST_TEXT],
    )


def kept(given: Mapping[str, str]) -> dict[str, Any]:
    """The parameters that every link of the list carries on."""
    return {name: given[name] for name in KEPT if given.get(name)}


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2999 else None
