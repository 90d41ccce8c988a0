"""What people type when they take an application back, ask for something or answer."""

from __future__ import annotations

from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    FileField,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from portal.applications import call_fields, wording
from portal.applications.choose import Choice, ShownCall, asked, shown_calls
from portal.applications.correct import LABELS, CallFacts, may_correct
from portal.applications.destroy_paper import LONGEST_REASON
from portal.applications.evidence import evidence_of
from portal.applications.form_fields import ACCEPT, KoreanForm, Typed, valid_text
from portal.applications.models import Application
from portal.applications.typed import LONGEST
from portal.documents.text import korean_datetime


def _text(name: str, label: str, hint: str, *, missing: str = "") -> TextAreaField:
    """`name` makes the id: several of these forms stand on one page."""
    return TextAreaField(
        label,
        [*([InputRequired(missing)] if missing else []), Typed(LONGEST)],
        filters=[wording.paragraphs],
        description=hint,
        id=f"{name}-text",
        render_kw={"rows": 4, "maxlength": LONGEST},
    )


class WithdrawForm(KoreanForm):
    text = _text("withdraw", "취하하는 이유", "적지 않아도 됩니다. 담당자가 읽습니다.")


class SupplementRequestForm(KoreanForm):
    text = _text(
        "request",
        "보완할 내용",
        "무엇이 왜 필요한지 적습니다. 신청인이 그대로 읽습니다.",
    )
    until = DateField("보완기한", [InputRequired("보완기한을 정해 주십시오.")], id="request-until")


class NotFoundForm(KoreanForm):
    text = _text(
        "not-found",
        "찾은 방법과 결과",
        "어떤 시각과 번호로 찾았는지 적습니다. 신청인이 그대로 읽습니다.",
        missing="어떻게 찾았는지 적어 주십시오.",
    )


class DestroyForm(KoreanForm):
    """A paper that must not be there: which, why, and a copy in its place."""

    file = SelectField(
        "파기할 서류", [InputRequired("파기할 서류를 골라 주십시오.")], id="destroy-file"
    )
    reason = StringField(
        "파기하는 사유",
        [InputRequired("파기하는 사유를 적어 주십시오."), Typed(LONGEST_REASON)],
        filters=[wording.line],
        description="접속기록에 남습니다. 예: 주민등록번호 뒷자리가 보임",
        id="destroy-reason",
        render_kw={"maxlength": LONGEST_REASON},
    )
    instead = FileField(
        "대신 둘 사본",
        description="뒷자리를 가린 사본이 있으면 올립니다. PDF, PNG, JPEG",
        id="destroy-instead",
        render_kw={"accept": ACCEPT},
    )

    @classmethod
    def about(cls, application: Application, *, sent: bool = False) -> DestroyForm:
        """With the papers that are there; `sent`: as it was posted."""
        form = cls() if sent else cls(formdata=None)
        files = evidence_of(application)
        form.file.choices = [SelectChoice(file.public_id, file.title) for file in files]
        return form


class AnswerForm(KoreanForm):
    """The answer to a 보완요구: words, a choice among calls, a corrected call, papers."""

    text = _text("answer", "보완한 내용", "요구받은 내용에 대한 답을 적습니다.")
    calls = SelectMultipleField(
        "신청한 통화",
        description="신청한 통화를 모두 고릅니다. 소리는 승인과 인계·인수 뒤에만 들을 수 있습니다.",
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    none_of_them = BooleanField("이 가운데 없음")
    caller_number = call_fields.caller_field()
    callee_number = call_fields.callee_field()
    called_department = call_fields.department_field()
    asked_from = call_fields.from_field()
    asked_until = call_fields.until_field()
    signature = HiddenField("신청인 서명")
    signature_scan = FileField("종이에 서명한 경우 스캔 파일", render_kw={"accept": ACCEPT})
    evidence = MultipleFileField(
        "더 내는 증명서류", description="PDF, PNG, JPEG", render_kw={"accept": ACCEPT}
    )
    masked = RadioField(
        "올리는 서류의 주민등록번호 뒷자리",
        choices=[
            SelectChoice("yes", "가렸거나 적혀 있지 않습니다"),
            SelectChoice("no", "가리지 않았습니다"),
        ],
        validate_choice=False,
    )

    @classmethod
    def about(cls, application: Application, *, sent: bool = False) -> AnswerForm:
        """With what the application says of its call and the candidates that are laid before the
        applicant; `sent`: as it was posted. The call's fields are gone where nothing is to correct.
        """
        form = cls() if sent else cls(formdata=None, **_call_of(application))
        if not may_correct(application):
            for name in (*LABELS, "signature", "signature_scan"):
                del form[name]
        shown = shown_calls(asked(application))
        form.calls.choices = [SelectChoice(call.public_id, _words(call)) for call in shown]
        return form

    @property
    def corrects(self) -> bool:
        """Whether the call's fields are there."""
        return "caller_number" in self

    def facts(self) -> CallFacts | None:
        """Which call is meant; None where that is not asked."""
        if not self.corrects or not self.caller_number.raw_data:
            return None
        return CallFacts(
            caller_number=call_fields.stored_number(self.caller_number),
            callee_number=call_fields.stored_number(self.callee_number),
            called_department=valid_text(self.called_department),
            asked_from=call_fields.moment(self.asked_from),
            asked_until=call_fields.moment(self.asked_until),
        )

    def choice(self) -> Choice:
        return Choice(self.calls.data or (), none_of_them=bool(self.none_of_them.data))


def _call_of(application: Application) -> dict[str, Any]:
    return {
        "caller_number": call_fields.shown_number(application.caller_number),
        "callee_number": call_fields.shown_number(application.callee_number),
        "called_department": application.called_department,
        "asked_from": call_fields.wall_clock(application.asked_from),
        "asked_until": call_fields.wall_clock(application.asked_until),
    }


def _words(call: ShownCall) -> str:
    """`2026. 11. 23. 14:05, 3분 07초, 010-****-5678 → 031-***-1234`"""
    seconds = round(call.duration_ms / 1000)
    length = f"{seconds // 60}분 {seconds % 60:02d}초"
    return f"{korean_datetime(call.called_at)}, {length}, {call.caller} → {call.callee}"
