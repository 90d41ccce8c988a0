"""What the 인계자 enters, and both signatures."""

from __future__ import annotations

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, SelectField
from wtforms.validators import DataRequired

from portal.applications.choices import IDENTITY_DOCUMENTS

EMPLOYEE_CARD = "공무원증"


class PrepareForm(FlaskForm):  # type: ignore[misc]
    identity_document = SelectField(
        "인수자 신분 확인",
        choices=[("", "확인한 신분증을 고르십시오")]
        + [(name, name) for name in (EMPLOYEE_CARD, *IDENTITY_DOCUMENTS)],
        validators=[DataRequired("인수자의 신분을 무엇으로 확인했는지 골라 주십시오.")],
    )


class SignForm(FlaskForm):  # type: ignore[misc]
    """Both pads; who signs on which is decided by who is looking at the page."""

    sha256 = HiddenField()
    transferee = HiddenField("인수자 서명")
    transferee_scan = FileField("종이에 서명한 경우 스캔 파일")
    transferor = HiddenField("인계자 서명")
    transferor_scan = FileField("종이에 서명한 경우 스캔 파일")
