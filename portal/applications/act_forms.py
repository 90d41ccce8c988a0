"""What people type when they take an application back, ask for something or answer."""

from __future__ import annotations

from wtforms import DateField, MultipleFileField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from portal.applications import wording
from portal.applications.form_fields import ACCEPT, KoreanForm, Typed
from portal.applications.typed import LONGEST


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
        missing="무엇을 보완해야 하는지 적어 주십시오.",
    )
    until = DateField("보완기한", [InputRequired("보완기한을 정해 주십시오.")], id="request-until")


class NotFoundForm(KoreanForm):
    text = _text(
        "not-found",
        "찾은 방법과 결과",
        "어떤 시각과 번호로 찾았는지 적습니다. 신청인이 그대로 읽습니다.",
        missing="어떻게 찾았는지 적어 주십시오.",
    )


class AnswerForm(KoreanForm):
    """The answer to a 보완요구, with papers where there are any."""

    text = _text(
        "answer",
        "보완한 내용",
        "요구받은 내용에 대한 답을 적습니다.",
        missing="무엇을 보완했는지 적어 주십시오.",
    )
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
