"""What is typed to unlock the sound."""

from __future__ import annotations

from wtforms import SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from portal.applications.choices import IDENTITY_DOCUMENTS
from portal.applications.resident_number import MESSAGE, holds_resident_number
from portal.applications.wording import line
from portal.web.forms import PortalForm


class UnlockForm(PortalForm):
    """Purpose and code; for a citizen also how the identity was checked again."""

    identity_document = SelectField(
        "신분 확인",
        choices=[
            SelectChoice("", "확인한 신분증을 고르십시오"),
            *(SelectChoice(name) for name in IDENTITY_DOCUMENTS),
        ],
        validators=[InputRequired("신청인의 신분을 무엇으로 다시 확인했는지 골라 주십시오.")],
    )
    purpose = StringField(
        "열람 목적",
        filters=[line],
        validators=[
            InputRequired("열람 목적을 입력해 주십시오."),
            Length(max=200, message="200자까지 적을 수 있습니다."),
        ],
    )
    code = StringField("인증번호", validators=[InputRequired("인증번호를 입력해 주십시오.")])

    def validate_purpose(self, field: StringField) -> None:
        if not field.data:
            raise ValidationError("열람 목적을 입력해 주십시오.")
        if holds_resident_number(field.data):
            raise ValidationError(MESSAGE)
