"""Whose is what: for every address with an id, the relations that open it, written down by hand.

The relations are read from the rows themselves, not asked of the portal's own rules. A role alone
opens what is in `BY_ROLE` (`web/access_table.py` says which); everything else needs a line here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal import clock
from portal.accounts.models import Account, ExtensionHolding
from portal.applications.models import Application
from portal.applications.states import State
from portal.documents.models import IssuedDocument
from portal.extensions import db
from portal.jobs.models import Job
from portal.notices.models import CallTask, Notice
from portal.packages.models import PackageDownload
from portal.playback.models import ListeningSession
from portal.recordings.models import Recording
from portal.restrictions.models import UseRestriction
from portal.roles import Role

#: What somebody is to a row, in a word.
Relations = set[str]


@dataclass(frozen=True)
class Thing:
    """One row as it stands in an address, and what each account is to it."""

    values: dict[str, Any]
    relations: Callable[[Account], Relations]


@dataclass(frozen=True)
class Line:
    """Which rows an address names, and which relations may open it."""

    things: Callable[[], list[Thing]]
    open_to: frozenset[str]


def _all(model: type) -> list[Any]:
    return list(db.session.scalars(select(model)).unique())


def to_application(row: Application, account: Account) -> Relations:
    """Nothing but the enterer's while it is a draft."""
    draft = row.state == State.DRAFT
    undecided = next((step for step in row.steps if step.decided_by_id is None), None)
    posting = account.person.posting_on(clock.today())
    sits_there = posting is not None and posting.department_id == row.office_id
    roles = account.roles | account.acting_roles
    done = [transition.action for transition in row.transitions]
    found = {
        "applicant": account.person_id in (row.applicant_id, row.filed_for_id),
        "transferor": row.transferor_id == account.id,
        "desk": Role.COUNTER in account.roles and sits_there,
        "custodian": Role.CUSTODIAN in account.roles,
        "decided": any(step.decided_by_id == account.id for step in row.steps),
        # 반려 empties the steps: who returned it reads their own word in the history.
        "returned": any(t.by_id == account.id and t.action == "return" for t in row.transitions),
        # Once it was sent to approvers, those of its steps may read it (`portal.approvals.detail`).
        "sent": "forward" in done and any(step.role in roles for step in row.steps),
        "next": undecided is not None and undecided.role in roles and row.forwarded_at is not None,
    }
    mine = {name for name, holds in found.items() if holds and not draft}
    return mine | ({"enterer"} if row.entered_by_id == account.id else set())


def applications(**more: str) -> Callable[[], list[Thing]]:
    def rows() -> list[Thing]:
        return [
            Thing(
                {"public_id": row.public_id, **more}, lambda who, row=row: to_application(row, who)
            )
            for row in _all(Application)
        ]

    return rows


def with_recordings() -> list[Thing]:
    return [
        Thing(
            {"public_id": row.public_id, "recording_id": call.public_id},
            lambda who, row=row: to_application(row, who),
        )
        for row in _all(Application)
        for call in [m.recording for m in row.matches][:1] or _all(Recording)[:1]
    ]


def evidence() -> list[Thing]:
    return [
        Thing(
            {"public_id": row.public_id, "file_id": file.public_id, "page": 1},
            lambda who, row=row: to_application(row, who),
        )
        for row in _all(Application)
        for file in row.files
    ]


def _of_account(model: type, name: str, owner: str, relation: str) -> Callable[[], list[Thing]]:
    def rows() -> list[Thing]:
        return [
            Thing(
                {name: row.public_id},
                lambda who, row=row: {relation} if getattr(row, owner) == who.id else set(),
            )
            for row in _all(model)
        ]

    return rows


def listened() -> list[Thing]:
    """Each session with each recording: of its own application and of another one."""
    calls = _all(Recording)[:3]
    return [
        Thing(
            {"public_id": row.public_id, "recording_id": call.public_id},
            lambda who, row=row: {"listener"} if row.account_id == who.id else set(),
        )
        for row in _all(ListeningSession)
        for call in [*(m.recording for m in row.application.matches), *calls]
    ]


def papers() -> list[Thing]:
    def relations(row: IssuedDocument, who: Account) -> Relations:
        about = db.session.get(Application, row.application_id) if row.application_id else None
        found = to_application(about, who) if about else set()
        log = bool(who.roles & {Role.AUDITOR, Role.DIVISION_HEAD})
        ledger = bool(who.roles - {Role.EMPLOYEE, Role.COUNTER})
        if row.kind == "monthly_check":
            return {"log"} if log else set()
        if row.kind in ("restriction_notice", "lift_notice"):
            return set()
        return found | ({"ledger"} if ledger else set())

    return [
        Thing({"public_id": row.public_id}, lambda who, row=row: relations(row, who))
        for row in _all(IssuedDocument)
    ]


def call_tasks() -> list[Thing]:
    def relations(row: CallTask, who: Account) -> Relations:
        posting = who.person.posting_on(clock.today())
        there = posting is not None and posting.department_id == row.office_id
        return {"desk"} if there or row.account_id == who.id else set()

    return [
        Thing({"public_id": row.public_id}, lambda who, row=row: relations(row, who))
        for row in _all(CallTask)
    ]


def restrictions(**more: str) -> Callable[[], list[Thing]]:
    def relations(row: UseRestriction, who: Account) -> Relations:
        if row.person_id == who.person_id:
            return {"restricted"} if row.served_at else set()
        heads = {Role.CUSTODIAN, Role.DIVISION_HEAD} & (who.roles | who.acting_roles)
        return {"handles"} if heads else set()

    def rows() -> list[Thing]:
        return [
            Thing({"public_id": row.public_id, **more}, lambda who, row=row: relations(row, who))
            for row in _all(UseRestriction)
        ]

    return rows


def calls() -> list[Thing]:
    def relations(row: Recording, who: Account) -> Relations:
        held = {leg.extension_id for leg in row.legs if leg.extension_id}
        held_lines = select(ExtensionHolding.extension_id)
        mine = set(
            db.session.scalars(held_lines.where(ExtensionHolding.person_id == who.person_id))
        )
        return {"line"} if held & mine else set()

    return [
        Thing({"public_id": row.public_id}, lambda who, row=row: relations(row, who))
        for row in _all(Recording)
    ]


_SEES = frozenset({"applicant", "enterer", "transferor", "desk", "custodian", "decided", "next"})
_HANDLES = frozenset({"custodian", "decided", "next"})
_HANDS = frozenset({"applicant", "transferor", "custodian"})
_TAKES_IN = frozenset({"custodian"})
_DECIDES = frozenset({"decided", "returned", "sent", "next"})
_LISTENS = frozenset({"applicant", "transferor", "desk", "custodian"})
_RESTRICTS = frozenset({"handles"})
_sessions = _of_account(ListeningSession, "public_id", "account_id", "listener")

#: Addresses with an id that a role alone opens, or that name nothing of anybody.
BY_ROLE = frozenset(
    {
        *("access_log.countersign_month", "access_log.month", "access_log.month_paper"),
        *("access_log.sign_month", "accounts.account", "accounts.act", "accounts.answer"),
        *("accounts.email", "accounts.end_acting", "accounts.shorten_acting"),
        *("applications.new_for_employee", "documents.blank", "documents.issue_destruction"),
        *("guidance.page", "holidays.remove", "ledger.export", "ledger.print"),
        *("ledger.third_party_export", "ledger.third_party_print", "notices.retry_mail"),
        *("organisation.closing", "organisation.end_department", "organisation.end_holding"),
        *("organisation.extension", "organisation.hold", "organisation.move"),
        *("organisation.person", "organisation.rename", "recordings.answer_claim", "static"),
        "unmasking.show",
    }
)
LINES: dict[str, Line] = {
    **{
        f"applications.{name}": Line(applications(), _SEES)
        for name in (
            "detail",
            "edit",
            "turn_back",
            "form1",
            "supplement",
            "answer",
            "recall",
            "withdraw",
        )
    },
    **{
        f"applications.{name}": Line(applications(), _TAKES_IN)
        for name in (
            *("intake_item", "receive", "forward", "not_found", "request_supplement", "search"),
            "destroy_paper",
        )
    },
    **{
        f"applications.{name}": Line(with_recordings, _TAKES_IN)
        for name in ("match", "unmatch", "propose", "take_off")
    },
    "applications.evidence_page": Line(evidence, _HANDLES),
    "approvals.item": Line(applications(), _DECIDES),
    "approvals.decide": Line(applications(action="review"), _DECIDES),
    **{
        f"handover.{name}": Line(applications(), _HANDS)
        for name in (
            *("complete", "prepare", "receipt", "replied", "reply", "signed", "signing"),
            *("turn", "unsigned"),
        )
    },
    "applications.screen": Line(applications(), _SEES | {"anybody"}),
    "applications.screen_signed": Line(applications(), _SEES | {"anybody"}),
    # Nothing but a way back to the receipt while the screen is not turned.
    **{
        f"handover.{name}": Line(applications(), _HANDS | {"anybody"})
        for name in ("screen", "screen_signed", "turn_back")
    },
    **{
        f"packages.{name}": Line(applications(), _HANDS)
        for name in ("again", "opened", "password", "progress", "receive", "show", "turn")
    },
    "packages.file": Line(
        _of_account(PackageDownload, "download_id", "account_id", "carrier"), frozenset({"carrier"})
    ),
    "playback.start": Line(applications(), _LISTENS),
    "playback.finish": Line(applications(), _LISTENS),
    "playback.end": Line(_sessions, frozenset({"listener"})),
    "playback.player": Line(_sessions, frozenset({"listener"})),
    "playback.state": Line(_sessions, frozenset({"listener"})),
    "playback.peaks": Line(listened, frozenset({"listener"})),
    "playback.sound": Line(listened, frozenset({"listener"})),
    "destruction.record": Line(applications(), _HANDS),
    "destruction.recorded": Line(applications(), _HANDS),
    "documents.of_application": Line(applications(), _SEES),
    "documents.issue_one": Line(applications(kind="receipt"), _SEES),
    "documents.issued": Line(papers, _SEES | {"ledger", "log"}),
    "documents.reprint": Line(papers, _SEES | {"ledger", "log"}),
    "notices.open": Line(
        _of_account(Notice, "public_id", "account_id", "told"), frozenset({"told"})
    ),
    "notices.call_done": Line(call_tasks, frozenset({"desk"})),
    "prints.file": Line(
        _of_account(Job, "public_id", "asked_by_id", "asked"), frozenset({"asked"})
    ),
    "recordings.claim": Line(calls, frozenset({"line"})),
    "recordings.state_notice": Line(calls, frozenset({"line"})),
    "restrictions.decide": Line(restrictions(answer="refuse"), _RESTRICTS),
    **{
        f"restrictions.{name}": Line(restrictions(), _RESTRICTS)
        for name in (
            "item",
            "lift",
            "lift_paper",
            "screen",
            "screen_signed",
            "serve",
            "signature",
            "turn",
            "turn_back",
            "withdraw",
        )
    },
    "restrictions.notice": Line(restrictions(), _RESTRICTS | {"restricted"}),
    "restrictions.lift_notice": Line(restrictions(), _RESTRICTS | {"restricted"}),
}
