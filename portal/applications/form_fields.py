"""What every form of this slice shares: checks of typed text, Korean messages, errors, signing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, FileField, HiddenField, StringField, TextAreaField
from wtforms.meta import DefaultMeta
from wtforms.validators import StopValidation

from portal.applications import wording
from portal.applications.complete import FieldError
from portal.applications.resident_number import MESSAGE, holds_resident_number
from portal.documents.glyphs import unprintable
from portal.web.forms import PortalForm

ACCEPT = ".pdf,.png,.jpg,.jpeg"
_REASON = 2000


class Asked:
    """Marks a field as one that must be filled before submitting; a draft may lack it."""

    field_flags = {"required": True}  # noqa: RUF012  (WTForms reads it so)

    def __call__(self, form: FlaskForm, field: Field) -> None:
        return None


class Typed:
    """No 주민등록번호, not longer than the box, nothing unprintable; an empty field needs
    no further check.
    """

    def __init__(self, longest: int) -> None:
        self.longest = longest

    def __call__(self, form: FlaskForm, field: Field) -> None:
        typed = "".join(field.raw_data or []) if not isinstance(field.data, str) else field.data
        if holds_resident_number(typed):
            field.errors = []
            raise StopValidation(MESSAGE)
        if len(typed) > self.longest:
            raise StopValidation(
                f"{self.longest:,}자까지 적을 수 있습니다 (지금 {len(typed):,}자)."
            )
        if refused := unprintable(typed):
            raise StopValidation(refused)
        if not typed.strip():
            field.errors = []
            raise StopValidation()


def text_field(label: str, longest: int, *, asked: bool = True, **more: Any) -> StringField:
    validators = [*([Asked()] if asked else []), Typed(longest), *more.pop("validators", [])]
    return StringField(label, validators, filters=[wording.line], **more)


def purpose_field() -> StringField:
    return text_field(
        "신청용도",
        200,
        description="무엇에 쓰려고 하는지 적습니다. 예: 민원 처리 내용 확인",
    )


def reason_field() -> TextAreaField:
    return TextAreaField(
        "신청사유",
        [Asked(), Typed(_REASON)],
        filters=[wording.paragraphs],
        description="어떤 통화였고 왜 확인하려고 하는지 적습니다.",
        render_kw={"rows": 5, "maxlength": _REASON},
    )


class KoreanForm(PortalForm):
    """Built-in messages are Korean, too; the domain's mistakes go beside their fields."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        locales = ("ko",)

        def get_translations(self, form: FlaskForm) -> Any:
            return DefaultMeta.get_translations(self, form)

    def refuse(self, name: str, message: str) -> None:
        self[name].errors = [*self[name].errors, message]

    @property
    def has_errors(self) -> bool:
        return bool(self.errors)


class FilingForm(KoreanForm):
    """What Form 1 asks of everybody."""

    #: Names the draft, so that a form that is sent twice makes one application.
    draft = HiddenField()
    signature = HiddenField("신청인 서명", [Asked()])
    signature_scan = FileField("종이에 서명한 경우 스캔 파일", render_kw={"accept": ACCEPT})

    def __iter__(self) -> Iterator[Field]:
        """In the order of the page, where the signature comes last."""
        return iter(sorted(super().__iter__(), key=lambda field: "signature" in field.name))

    def add_errors(self, errors: list[FieldError]) -> None:
        """Put the domain's mistakes beside their fields; a field says one thing at a time."""
        for error in errors:
            field = self[error.field]
            if not field.errors:
                field.errors = [error.message]


def valid_text(field: Field) -> str:
    """What was typed, empty where it has an error: that stays out of the database."""
    return "" if field.errors else field.data or ""
