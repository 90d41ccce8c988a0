"""Who may open what: every endpoint of the portal, written down by hand.

`test_access.py` compares this table with the application in both directions, and asks every
endpoint as every role and as nobody. A new page needs a line here; a line without a page fails.
"""

from __future__ import annotations

from portal.roles import Role

EVERYBODY = frozenset(Role)
CUSTODIAN = frozenset({Role.CUSTODIAN})
COUNTER = frozenset({Role.COUNTER})
APPROVERS = frozenset({Role.TEAM_LEADER, Role.DIVISION_HEAD})
SECOND_PERSON = CUSTODIAN | APPROVERS
HANDS_OVER = CUSTODIAN | COUNTER
READS_LOG = frozenset({Role.AUDITOR, Role.DIVISION_HEAD})
READS_LEDGER = CUSTODIAN | APPROVERS | {Role.AUDITOR}

#: Open to those who are not logged in.
PUBLIC = frozenset({"accounts.home", "accounts.login", "static"})

#: Open to machines with a bearer token of their own; to nobody by a login.
TOKEN = frozenset({"api.extension"})

TABLE: dict[str, frozenset[Role]] = {
    "compliance.page": CUSTODIAN | {Role.DIVISION_HEAD, Role.AUDITOR},
    "compliance.recorder": CUSTODIAN,
    "access_log.countersign_month": frozenset({Role.AUDITOR}),
    "access_log.events": READS_LOG,
    "access_log.month": READS_LOG,
    "access_log.months": READS_LOG,
    "access_log.sign_month": frozenset({Role.DIVISION_HEAD}),
    "accounts.account": CUSTODIAN,
    "accounts.accounts": CUSTODIAN,
    "accounts.act": CUSTODIAN,
    "accounts.acting": CUSTODIAN,
    "accounts.end_acting": CUSTODIAN,
    "accounts.answer": SECOND_PERSON,
    "accounts.changes": SECOND_PERSON,
    "accounts.logout": EVERYBODY,
    "accounts.new": CUSTODIAN,
    "accounts.own": EVERYBODY,
    "accounts.password": EVERYBODY,
    "applications.answer": EVERYBODY,
    "applications.at_counter": COUNTER,
    "applications.autosave": EVERYBODY,
    "applications.detail": EVERYBODY,
    "applications.edit": EVERYBODY,
    "applications.evidence_page": CUSTODIAN | APPROVERS,
    "applications.form1": EVERYBODY,
    "applications.forward": CUSTODIAN,
    "applications.intake": CUSTODIAN,
    "applications.intake_item": CUSTODIAN,
    "applications.match": CUSTODIAN,
    "applications.new_for_citizen": COUNTER,
    "applications.new_from_call": EVERYBODY,
    "applications.not_found": CUSTODIAN,
    "applications.own": EVERYBODY,
    "applications.recall": EVERYBODY,
    "applications.receive": CUSTODIAN,
    "applications.request_supplement": CUSTODIAN,
    "applications.search": CUSTODIAN,
    "applications.supplement": EVERYBODY,
    "applications.unmatch": CUSTODIAN,
    "applications.withdraw": EVERYBODY,
    "approvals.decide": APPROVERS,
    "approvals.item": APPROVERS,
    "approvals.poll": APPROVERS,
    "approvals.queue": APPROVERS,
    "destruction.awaited": EVERYBODY,
    "destruction.record": EVERYBODY,
    "destruction.recorded": EVERYBODY,
    "documents.issued": EVERYBODY,
    "documents.verify": EVERYBODY,
    "handover.complete": EVERYBODY,
    "handover.prepare": HANDS_OVER,
    "handover.receipt": HANDS_OVER,
    "handover.signed": EVERYBODY,
    "handover.signing": EVERYBODY,
    "handover.unsigned": EVERYBODY,
    "handover.waiting": HANDS_OVER,
    "holidays.add": CUSTODIAN,
    "holidays.days": CUSTODIAN,
    "holidays.remove": CUSTODIAN,
    "ledger.export": READS_LEDGER,
    "ledger.print": READS_LEDGER,
    "ledger.rows": READS_LEDGER,
    "notices.call_done": COUNTER,
    "notices.calls": COUNTER,
    "notices.open": EVERYBODY,
    "notices.own": EVERYBODY,
    "notices.read_all": EVERYBODY,
    "notices.unread": EVERYBODY,
    "otp.confirm": EVERYBODY,
    "otp.enrol": EVERYBODY,
    "otp.recover": EVERYBODY,
    "packages.again": HANDS_OVER,
    "packages.file": EVERYBODY,
    "packages.opened": EVERYBODY,
    "packages.password": EVERYBODY,
    "packages.progress": EVERYBODY,
    "packages.receive": EVERYBODY,
    "packages.show": EVERYBODY,
    "packages.waiting": EVERYBODY,
    "playback.end": EVERYBODY,
    "playback.finish": EVERYBODY,
    "playback.peaks": EVERYBODY,
    "playback.player": EVERYBODY,
    "playback.sound": EVERYBODY,
    "playback.start": EVERYBODY,
    "playback.state": EVERYBODY,
    "prints.file": READS_LEDGER,
    "prints.mine": READS_LEDGER,
    "prints.poll": READS_LEDGER,
    "recordings.answer_claim": CUSTODIAN | {Role.TEAM_LEADER},
    "recordings.claim": EVERYBODY,
    "recordings.claims": CUSTODIAN | {Role.TEAM_LEADER},
    "recordings.shared": EVERYBODY,
    "recordings.own_calls": EVERYBODY,
    "recordings.quarantine": CUSTODIAN,
    "recordings.state_notice": EVERYBODY,
    "restrictions.candidates": CUSTODIAN,
    "restrictions.decide": frozenset({Role.DIVISION_HEAD}),
    "restrictions.item": CUSTODIAN | {Role.DIVISION_HEAD},
    "restrictions.lift": frozenset({Role.DIVISION_HEAD}),
    "restrictions.new": CUSTODIAN,
    "restrictions.notice": EVERYBODY,
    "restrictions.rows": CUSTODIAN | {Role.DIVISION_HEAD},
    "restrictions.serve": CUSTODIAN,
    "restrictions.signature": CUSTODIAN | {Role.DIVISION_HEAD},
    "restrictions.withdraw": CUSTODIAN,
}
