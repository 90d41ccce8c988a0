"""월 점검: the head signs a month, the auditor countersigns what is the head's own."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from portal import audit, clock
from portal.access_log.findings import Finding, heads_in
from portal.access_log.models import LogCheck
from portal.access_log.months import Month, check_of
from portal.accounts.models import Account
from portal.announcements import announce
from portal.database import lock, writing
from portal.roles import Role
from portal.runtime import settings


class CannotSign(Exception):
    """The message says why, and what to do."""


def sign(month: Month, found: list[Finding], opinion: str, *, by: Account) -> LogCheck:
    """Sign a month that is over, with an opinion; inside the open `write()`.

    `found` is kept as it was signed; it is looked for before, since that takes a while. Raises
    `CannotSign`.
    """
    opinion = opinion.strip()
    if Role.DIVISION_HEAD not in by.roles:
        raise CannotSign(f"{settings().titles.division_head}만 월 점검에 서명할 수 있습니다.")
    if not month.is_over:
        raise CannotSign(f"{month.title}이 끝난 뒤에 점검할 수 있습니다.")
    if not opinion:
        raise CannotSign("점검 의견을 입력해 주십시오. 이상이 없으면 '이상 없음'이라고 적습니다.")
    if check_of(month) is not None:
        raise _signed_before(month)
    check = LogCheck(
        year=month.year,
        month=month.month,
        findings=[finding.as_json() for finding in found],
        signed_by=by,
        signed_at=clock.now(),
        opinion=opinion,
    )
    writing().add(check)
    try:
        writing().flush()
    except IntegrityError as error:  # somebody else signed at the same moment (PostgreSQL)
        raise _signed_before(month) from error
    audit.record("log.sign", by=by, month=month.key)
    announce("log.sign", check, by)
    return check


def countersign(month: Month, opinion: str, *, by: Account) -> LogCheck:
    """Look at the head's own entries as somebody else; inside the open `write()`.

    Raises `CannotSign`.
    """
    opinion = opinion.strip()
    check = check_of(month)
    if Role.AUDITOR not in by.roles:
        raise CannotSign(f"{settings().titles.auditor}만 교차 확인을 할 수 있습니다.")
    if check is None:
        raise CannotSign(f"{month.title}은 아직 서명되지 않았습니다. 서명된 뒤에 확인해 주십시오.")
    lock(check)
    if check.signed_by_id == by.id or by.public_id in heads_in(month):
        raise CannotSign("본인의 기록이 들어 있는 달은 다른 사람이 확인해야 합니다.")
    if check.countersigned_at is not None:
        raise CannotSign(f"{month.title}은 이미 교차 확인되었습니다. 화면을 새로 고쳐 주십시오.")
    if not opinion:
        raise CannotSign("확인 의견을 입력해 주십시오. 이상이 없으면 '이상 없음'이라고 적습니다.")
    check.countersigned_by, check.countersigned_at = by, clock.now()
    check.countersign_opinion = opinion
    audit.record("log.countersign", by=by, month=month.key)
    announce("log.countersign", check, by)
    return check


def _signed_before(month: Month) -> CannotSign:
    return CannotSign(f"{month.title}은 이미 서명되었습니다. 화면을 새로 고쳐 주십시오.")
