"""별지 제1호서식: the application for inspection or provision (제7조②)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from portal.documents.continuation import Continuation, draw_roomy_or_tight
from portal.documents.errors import DocumentError
from portal.documents.fields import LONGEST_REASON, cleaned
from portal.documents.fit import count_lines
from portal.documents.images import qr_image, signature_image
from portal.documents.press import pressed
from portal.documents.render import render_pdf
from portal.documents.text import korean_long_date, korean_period
from portal.documents.wording import Wording
from portal.phones import shown

_SIZE, _LINE = 10.5, 14.7  # points
_REASON = 408.0  # inner width of the 신청사유 box, points
_REASON_HEIGHT = 268.0  # points it takes when every other box has its usual lines
_LEAST_REASON = 3  # lines
_SIGNER = 440.0  # points of the signing line, in 11.5 pt
_MOST_CALLS = 50
_LIMITS = {"reason": LONGEST_REASON, "applicant_name": 100, "signer_name": 100}
# Label on the further page, inner width in points, most lines, most where room is scarce.
_BOXES = {
    "applicant_name": ("성명(기관·단체명)", 121.0, 6, 3),
    "birth_or_number": ("생년월일(법인·사업자번호)", 102.0, 4, 3),
    "address_or_department": ("주소(부서명)", 322.0, 4, 2),
    "caller": ("송신번호", 121.0, 6, 3),
    "callee": ("수신번호", 121.0, 6, 3),
    "called_at": ("통화일시", 102.0, 11, 6),
    "purpose": ("신청용도", 121.0, 5, 3),
    "relation_to_subject": ("정보주체와의 관계", 102.0, 4, 3),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedCall:
    """One call of the application: digits or words (`모름`), a time (aware) or a range."""

    caller_number: str = ""
    callee_number: str = ""
    called_from: datetime | None = None
    called_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationForm:
    """The boxes of Form 1; what is left empty prints as an empty box, to be filled in by hand."""

    wording: Wording
    disclosure_type: str = ""  # "inspection", "provision", or empty: nothing struck
    applicant_name: str = ""  # or organisation
    birth_or_number: str = ""  # date of birth, corporate or business number, as printed
    address_or_department: str = ""
    calls: tuple[RequestedCall, ...] = ()  # beyond five they go on on a further page
    purpose: str = ""
    relation_to_subject: str = ""
    reason: str = ""
    applied_on: date | None = None
    signer_name: str = ""  # on the signing line; the applicant's name where empty
    signature_png: bytes = b""
    evidence: tuple[str, ...] = ()  # names of the papers attached, below the printed sentence
    control_no: str = ""
    verification_no: str = ""
    verification_url: str = ""  # what the QR holds; the number where empty


@pressed
def render(form: ApplicationForm) -> bytes:
    """Form 1 as PDF; what is too long for its box goes on on further pages.

    Raises `DocumentError` where it cannot be printed whole.
    """
    form = cleaned(form, _LIMITS)
    if form.disclosure_type not in ("", "inspection", "provision"):
        raise DocumentError("열람과 제공 가운데 하나를 고르세요.")
    if len(form.calls) > _MOST_CALLS:
        raise DocumentError(f"신청서 한 부에는 통화를 {_MOST_CALLS}건까지 적을 수 있습니다.")
    return draw_roomy_or_tight(partial(_draw, form))


def _draw(form: ApplicationForm, tight: bool) -> bytes:
    signer = form.signer_name or form.applicant_name
    further = Continuation()
    boxes, height = _fill(form, signer, further, tight)
    pages = further.pages()
    return render_pdf(
        "form1.html",
        pages=1 + len(pages),
        wording=form.wording,
        form=form,
        box=boxes,
        reason_height=height,
        further=pages,
        applied_on=_signing_date(form.applied_on),
        signer=signer or "\u00a0" * 24,
        signature=signature_image(form.signature_png),
        # Millimetres above its words; over two lines it hangs below, or it would cover the name.
        signature_up=5 if _signing_lines(signer) == 1 else 1,
        qr=qr_image(form.verification_no and (form.verification_url or form.verification_no)),
    )


def _fill(
    form: ApplicationForm, signer: str, further: Continuation, tight: bool
) -> tuple[dict[str, str], float]:
    """What each box shows, and the height in points left for 신청사유."""
    texts = {
        "applicant_name": form.applicant_name,
        "birth_or_number": form.birth_or_number,
        "address_or_department": form.address_or_department,
        "caller": _stacked([shown(call.caller_number) for call in form.calls]),
        "callee": _stacked([shown(call.callee_number) for call in form.calls]),
        "called_at": _stacked([_when(call) for call in form.calls]),
        "purpose": form.purpose,
        "relation_to_subject": form.relation_to_subject,
    }
    boxes = {
        name: further.box(label, texts[name], width, _SIZE, least if tight else most)
        for name, (label, width, most, least) in _BOXES.items()
    }
    evidence = ", ".join(form.evidence)
    boxes["evidence"] = evidence and further.box("첨부서류", evidence, _REASON, _SIZE, 2)
    height = _REASON_HEIGHT - _LINE * _extra_lines(boxes, signer)
    height = max(height, _LEAST_REASON * _LINE)
    boxes["reason"] = further.box("신청사유", form.reason, _REASON, _SIZE, int(height / _LINE))
    return boxes, height


def _stacked(texts: Sequence[str]) -> str:
    """One line a call, numbered; said once where all calls agree."""
    if len(set(texts)) <= 1:
        return texts[0] if texts else ""
    return "\n".join(f"{number}) {text}" for number, text in enumerate(texts, 1))


def _when(call: RequestedCall) -> str:
    return korean_period(call.called_from, call.called_until) if call.called_from else ""


def _signing_date(day: date | None) -> str:
    gap = "\u00a0" * 8
    return korean_long_date(day) if day else f"{gap}년{gap}월{gap}일"


def _extra_lines(boxes: dict[str, str], signer: str) -> int:
    """Lines by which the boxes above and below 신청사유 outgrow their usual height."""
    lines = {n: count_lines(boxes[n], width, _SIZE) for n, (_, width, *_) in _BOXES.items()}
    evidence = count_lines(boxes["evidence"], _REASON, _SIZE) if boxes["evidence"] else 0
    more = (
        max(lines["applicant_name"], lines["birth_or_number"]) - 2,
        lines["address_or_department"] - 2,
        max(lines["caller"] + lines["callee"], lines["called_at"] - 1) - 2,
        max(lines["purpose"], lines["relation_to_subject"]) - 2,
        2 * (_signing_lines(signer) - 1),
        evidence,
    )
    return sum(max(line, 0) for line in more)


def _signing_lines(signer: str) -> int:
    return count_lines(f"신청인 성명(기관·단체명) {signer} (서명 또는 날인)", _SIGNER, 11.5)
