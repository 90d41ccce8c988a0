"""월 접속기록 점검표 as an issued paper: what was signed, with who signed and countersigned."""

from __future__ import annotations

from sqlalchemy import func, select

from portal.access_log.findings import Finding
from portal.access_log.models import LogCheck
from portal.access_log.months import Month, check_of
from portal.access_log.names import people_of
from portal.access_log.sign import CannotSign
from portal.accounts.models import Account
from portal.audit.models import AuditEvent
from portal.database import write
from portal.documents import issue, monthly_check
from portal.documents.addresses import verification_url
from portal.documents.models import IssuedDocument
from portal.documents.papers import reasoned
from portal.documents.text import korean_datetime
from portal.documents.wording import Wording
from portal.extensions import db
from portal.runtime import settings

KIND = "monthly_check"
#: Lines of one finding on the paper; the total counts all.
_MOST_LINES = 20


def issue_check(month: Month, *, by: Account, why: str) -> IssuedDocument:
    """Print and issue the check of a signed month. Opens its own `write()`.

    Raises `CannotSign` where nobody has signed yet, `CannotIssue`, `DocumentError`.
    """
    why, check = reasoned(why), check_of(month)
    if check is None:
        raise CannotSign(f"{month.title}은 아직 서명되지 않았습니다. 서명된 뒤에 발급해 주십시오.")
    prepared = issue.prepare()
    stored = issue.store(prepared, monthly_check.render(_facts(month, check, prepared)))
    with write():
        return issue.issue(KIND, stored, application=None, by=by, why=why, about=month.key)


def issued_checks(month: Month) -> list[IssuedDocument]:
    """What was issued of a month, the latest first."""
    return issue.issued_about(KIND, month.key)


def _facts(month: Month, check: LogCheck, prepared: issue.Prepared) -> monthly_check.MonthlyCheck:
    titles = settings().titles
    signed, seen = check.signed_by, check.countersigned_by
    return monthly_check.MonthlyCheck(
        wording=Wording.of(settings()),
        month=month.title,
        events=_events(month),
        findings=_printed([Finding.from_json(found) for found in check.findings]),
        opinion=check.opinion,
        checked_by=f"{titles.division_head} {signed.name}",
        checked_at=korean_datetime(check.signed_at),
        countersign_opinion=check.countersign_opinion,
        countersigned_by=f"{titles.auditor} {seen.name}" if seen else "",
        countersigned_at=korean_datetime(check.countersigned_at) if check.countersigned_at else "",
        verification_no=prepared.verification_no,
        verification_url=verification_url(prepared.verification_no),
    )


def _printed(found: list[Finding]) -> tuple[monthly_check.Finding, ...]:
    people = people_of({line.account for f in found for line in f.lines if line.account})
    printed = []
    for finding in found:
        lines = [f"{people.get(line.account, '')} {line.text}".strip() for line in finding.lines]
        if len(lines) > _MOST_LINES:
            lines = [*lines[:_MOST_LINES], f"외 {len(lines) - _MOST_LINES}줄"]
        printed.append(monthly_check.Finding(finding.title, finding.total, "\n".join(lines)))
    return tuple(printed)


def _events(month: Month) -> int:
    """The month's events that are kept; older ones were pruned with the log."""
    within = (AuditEvent.at >= month.start) & (AuditEvent.at < month.end)
    return db.session.scalar(select(func.count()).select_from(AuditEvent).where(within)) or 0
