"""Putting names to the opaque ids of some events: a fixed number of queries for a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Executable, select

from portal.access_log.wording import subject_words
from portal.accounts.models import Account, Person
from portal.applications.models import Application, ApplicationFile
from portal.audit.models import AuditEvent
from portal.documents.models import IssuedDocument
from portal.extensions import db
from portal.handover.models import HandoverReceipt


@dataclass(frozen=True)
class Names:
    """Names of accounts and control numbers of subjects, by public id."""

    people: Mapping[str, str] = field(default_factory=dict)
    control_nos: Mapping[str, str] = field(default_factory=dict)

    def kind_of(self, event: AuditEvent) -> str:
        """What the event's subject is, in Korean; empty where it has none."""
        kind = event.subject_kind
        return subject_words(kind) if kind else ""

    def control_no_of(self, event: AuditEvent) -> str:
        return self.control_nos.get(event.subject or "", "")


def names_of(events: Iterable[AuditEvent]) -> Names:
    """Three queries: accounts, persons, and what leads to a control number."""
    found = list(events)
    subjects = {event.subject for event in found if event.subject}
    accounts = {event.account for event in found if event.account} | subjects
    return Names(people_of(accounts), _control_nos(subjects))


def people_of(ids: Iterable[str]) -> dict[str, str]:
    """The names behind public ids of accounts and of persons."""
    wanted = set(ids)
    if not wanted:
        return {}
    accounts = (
        select(Account.public_id, Person.name)
        .join(Account.person)
        .where(Account.public_id.in_(wanted))
    )
    people = select(Person.public_id, Person.name).where(Person.public_id.in_(wanted))
    return dict(_pairs(accounts.union_all(people)))


def _control_nos(subjects: set[str]) -> dict[str, str]:
    if not subjects:
        return {}
    own = select(Application.public_id, Application.control_no)
    parts = [own.where(Application.public_id.in_(subjects))]
    for model in (HandoverReceipt, IssuedDocument, ApplicationFile):
        joined = select(model.public_id, Application.control_no).join(
            Application, Application.id == model.application_id
        )
        parts.append(joined.where(model.public_id.in_(subjects)))
    first, *others = parts
    return {key: number for key, number in _pairs(first.union_all(*others)) if number}


def _pairs(statement: Executable) -> list[tuple[str, str]]:
    return [(key, value) for key, value in db.session.execute(statement)]
