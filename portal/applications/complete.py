"""What is still missing or wrong in a draft: every mistake at once, each with its field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from portal import clock
from portal.applications.choices import (
    CALL_BACK,
    CHECKS_BY_PAPER,
    IDENTITY_DOCUMENTS,
    PARTY_CHECKS,
    SELF,
)
from portal.applications.due import oldest_day_kept
from portal.applications.evidence import evidence_of, is_consent, is_power_of_attorney
from portal.applications.models import Application
from portal.applications.signature import signature_of
from portal.runtime import settings
from portal.words import worded

_ADULT, _OLDEST = 19, 130
_OLD_ENOUGH = 14  # years; younger applicants are represented (법정대리인)


@dataclass(frozen=True)
class FieldError:
    """One mistake: the name of the field and what to do, in Korean."""

    field: str
    message: str


def mistakes(application: Application) -> list[FieldError]:
    """Everything that keeps the draft from being submitted, in the order of the form."""
    if application.is_official:
        parts = [_official, _numbers, _time, _what_for, _scan]
        return [FieldError(*error) for part in parts for error in part(application)]
    parts = [_what_for]
    if application.filed_for_id is not None:
        parts = [_identity, _numbers, _time, _what_for]
    elif application.applicant_kind != "employee":
        parts = [_applicant, _representative, _standing, _numbers, _time, _what_for, _papers]
    found = [FieldError(*error) for part in parts for error in part(application)]
    if signature_of(application) is None:
        found.append(FieldError("signature", "신청인의 서명을 받아 주십시오."))
    return found


def call_mistakes(application: Application) -> list[FieldError]:
    """The same for which call is meant alone, as a correction types it."""
    return [FieldError(*e) for part in (_numbers, _time) for e in part(application)]


def _applicant(application: Application) -> Iterator[tuple[str, str]]:
    if not application.applicant_name:
        yield "applicant_name", "신청인의 성명(기관·단체명)을 적어 주십시오."
    if application.applicant_kind == "organisation":
        if not application.birth_or_business_no:
            yield "business_no", "기관·단체의 사업자등록번호를 적어 주십시오."
    elif not application.birth_or_business_no:
        yield "birth_date", "생년월일을 적어 주십시오."
    else:
        is_child = application.applicant_kind == "legal_representative"
        yield from _birth(date.fromisoformat(application.birth_or_business_no), is_child)
    if not application.address:
        yield "address", "주소를 적어 주십시오."
    if not application.contact:
        yield "contact", "연락받을 전화번호나 전자우편을 적어 주십시오."
    yield from _identity(application)


def _identity(application: Application) -> Iterator[tuple[str, str]]:
    if application.identity_document not in IDENTITY_DOCUMENTS:
        yield "identity_document", "신분증을 확인하고 그 종류를 골라 주십시오."


def _official(application: Application) -> Iterator[tuple[str, str]]:
    asked = {
        "applicant_name": "요청한 기관의 이름을 적어 주십시오.",
        "official_doc_no": "공문번호를 적어 주십시오. 관리대장에 적힙니다.",
        "official_doc_on": "공문의 시행일자를 적어 주십시오.",
        "legal_basis": "공문에 적힌 법적 근거(법률과 조항)를 적어 주십시오.",
        "official_department": "담당 공무원의 부서를 적어 주십시오.",
        "official_rank": "담당 공무원의 직급을 적어 주십시오.",
        "official_name": "담당 공무원의 성명을 적어 주십시오.",
        "official_contact": "담당 공무원의 연락처를 적어 주십시오.",
    }
    yield from ((name, say) for name, say in asked.items() if not getattr(application, name))
    if application.official_doc_on and application.official_doc_on > clock.today():
        yield "official_doc_on", "공문의 시행일자가 오늘보다 뒤입니다. 확인해 주십시오."


def _scan(application: Application) -> Iterator[tuple[str, str]]:
    if not evidence_of(application):
        yield "evidence", "공문을 스캔하여 올려 주십시오."


def _birth(born: date, is_child: bool) -> Iterator[tuple[str, str]]:
    today = clock.today()
    if born > today or born.year < 1900:
        yield "birth_date", "생년월일을 확인해 주십시오."
    elif is_child and _age(born, today) >= _OLD_ENOUGH:
        yield "birth_date", f"만 {_OLD_ENOUGH}세 이상인 사람은 본인이나 대리인이 신청합니다."
    elif not is_child and _age(born, today) < _OLD_ENOUGH:
        yield (
            "birth_date",
            f"만 {_OLD_ENOUGH}세가 되지 않은 사람의 신청은 법정대리인이 하여야 합니다. "
            "신청인에서 법정대리인을 골라 주십시오.",
        )


def _representative(application: Application) -> Iterator[tuple[str, str]]:
    kind = application.applicant_kind
    if kind == "citizen":
        return
    if not application.representative_name:
        yield "representative_name", "창구에 온 사람(대리인 또는 수령인)의 성명을 적어 주십시오."
    if kind == "organisation":
        return
    today, typed = clock.today(), application.representative_birth
    if not typed:
        yield "representative_birth", "대리인의 생년월일을 적어 주십시오."
    elif not _OLD_ENOUGH <= _age(date.fromisoformat(typed), today) < _OLDEST:
        yield "representative_birth", "대리인의 생년월일을 확인해 주십시오."
    elif kind == "legal_representative" and _age(date.fromisoformat(typed), today) < _ADULT:
        yield "representative_birth", f"법정대리인은 만 {_ADULT}세 이상이어야 합니다."


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _standing(application: Application) -> Iterator[tuple[str, str]]:
    if not application.relation_to_subject:
        yield "relation_to_subject", "통화 당사자와의 관계를 적어 주십시오."
    elif application.ground == 1 and application.relation_to_subject == SELF:
        yield "relation_to_subject", "동의한 당사자와 신청인의 관계를 적어 주십시오."
    if application.party_check not in PARTY_CHECKS:
        yield "party_check", "당사자임을 어떻게 확인했는지 골라 주십시오."
    elif application.party_check == CALL_BACK and not (
        application.caller_number or application.callee_number
    ):
        yield "party_check", "재통화로 확인한 번호를 송신번호나 수신번호에 적어 주십시오."
    elif application.party_check == PARTY_CHECKS[-1] and not application.party_check_note:
        yield "party_check_note", "어떤 방법으로 확인했는지 적어 주십시오."


def _numbers(application: Application) -> Iterator[tuple[str, str]]:
    if application.caller_number == "":
        yield "caller_number", "송신번호를 적거나 '모름'을 골라 주십시오."
    if application.callee_number == "":
        yield "callee_number", "수신번호를 적거나 '모름'을 골라 주십시오."
    unknown = application.caller_number is None or application.callee_number is None
    if unknown and not application.called_department:
        yield "called_department", "모르는 번호가 있으면 통화한 부서를 적어 주십시오."


def _time(application: Application) -> Iterator[tuple[str, str]]:
    start, end = application.asked_from, application.asked_until
    if start is None:
        yield "asked_from", "통화한 일시를 적어 주십시오. 정확하지 않으면 범위로 적습니다."
        return
    oldest = oldest_day_kept()
    if start > clock.now():
        yield "asked_from", "통화일시가 지금보다 뒤입니다. 날짜와 시각을 확인해 주십시오."
    elif clock.seoul(start).date() < oldest:
        yield (
            "asked_from",
            f"보관기간({settings().retention.length})이 지난 통화는 이미 자동 삭제되어 신청할 수 "
            f"없습니다. 지금은 {oldest.year}. {oldest.month}. {oldest.day}. 이후의 통화만 신청할 "
            "수 있습니다.",
        )
    if end is None:
        return
    if end < start:
        yield "asked_until", "끝 시각이 시작 시각보다 앞섭니다."
    elif end > clock.now():
        yield "asked_until", "끝 시각이 지금보다 뒤입니다. 날짜와 시각을 확인해 주십시오."
    elif _is_without_number(application) and end - start > _widest_without_number():
        days = settings().application.days_without_number
        yield (
            "asked_until",
            f"번호를 모르면 {days}일 안의 범위로 적어 주십시오. 그보다 넓으면 다른 사람의 통화까지 "
            "찾게 됩니다.",
        )


def _is_without_number(application: Application) -> bool:
    return not (application.caller_number or application.callee_number)


def _widest_without_number() -> timedelta:
    return timedelta(days=settings().application.days_without_number)


def _what_for(application: Application) -> Iterator[tuple[str, str]]:
    if not application.purpose:
        yield "purpose", "신청용도를 적어 주십시오."
    if not application.reason:
        yield "reason", "신청사유를 적어 주십시오."


def _papers(application: Application) -> Iterator[tuple[str, str]]:
    papers = evidence_of(application)
    if application.applicant_kind == "proxy" and not any(map(is_power_of_attorney, papers)):
        yield "power_papers", "신청인이 서명한 위임장을 올려 주십시오."
    if application.applicant_kind == "legal_representative" and not papers:
        yield "evidence", "법정대리인임을 확인할 서류(가족관계증명서 등)를 올려 주십시오."
    elif application.ground == 1 and not any(is_consent(paper) for paper in papers):
        yield (
            "consent_papers",
            worded("당사자의 동의서를 올려 주십시오 ({articles.ground_consent})."),
        )
    elif not papers and application.party_check in CHECKS_BY_PAPER:
        yield "evidence", f"당사자 확인에 쓴 서류({application.party_check})를 올려 주십시오."
