"""What stands in the boxes of 별지 제1호서식 for one application."""

from __future__ import annotations

from datetime import date

from portal import clock
from portal.applications.evidence import evidence_of
from portal.applications.models import Application
from portal.applications.signature import signature_png
from portal.documents.form1 import ApplicationForm, RequestedCall
from portal.documents.text import korean_date
from portal.documents.wording import Wording
from portal.runtime import settings

UNKNOWN = "모름"


def form1_of(
    application: Application,
    *,
    control_no: str = "",
    verification_no: str = "",
    verification_url: str = "",
) -> ApplicationForm:
    """Form 1 as filed; of a draft a preview, whose date and signature stay empty if not there.

    `control_no` is printed where the application has none yet.
    """
    submitted = application.submitted_at
    return ApplicationForm(
        wording=Wording.of(settings()),
        disclosure_type=application.disclosure_type,
        applicant_name=application.name_on_form1,
        birth_or_number=shown_birth(application.birth_or_business_no),
        address_or_department=application.address or "",
        calls=(requested_call(application),),
        purpose=application.purpose,
        relation_to_subject=application.relation_to_subject,
        reason=application.reason,
        applied_on=clock.seoul(submitted).date() if submitted else None,
        signature_png=signature_png(application),
        evidence=tuple(file.title for file in evidence_of(application)),
        control_no=application.control_no or control_no,
        verification_no=verification_no,
        verification_url=verification_url,
    )


def requested_call(application: Application) -> RequestedCall:
    """The call as the applicant named it; an unknown number reads 모름 with the department."""
    department = application.called_department
    unknown = f"{UNKNOWN} ({department})" if department else UNKNOWN
    return RequestedCall(
        caller_number=UNKNOWN if application.caller_number is None else application.caller_number,
        callee_number=unknown if application.callee_number is None else application.callee_number,
        called_from=application.asked_from,
        called_until=application.asked_until,
    )


def shown_birth(stored: str | None) -> str:
    """`1980-03-04` as `1980. 3. 4.`; anything else (a business number) as it is."""
    try:
        return korean_date(date.fromisoformat(stored or ""))
    except ValueError:
        return stored or ""
