"""What the 인계자 enters, and both signatures."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import DateField, HiddenField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired

from portal.applications import wording
from portal.applications.choices import IDENTITY_DOCUMENTS
from portal.handover.reply import LONGEST, Reply
from portal.web.forms import PortalForm

EMPLOYEE_CARD = "공무원증"


class PrepareForm(PortalForm):
    identity_document = SelectField(
        "인수자 신분 확인",
        choices=[("", "확인한 신분증을 고르십시오")]
        + [(name, name) for name in (EMPLOYEE_CARD, *IDENTITY_DOCUMENTS)],
        validators=[DataRequired("인수자의 신분을 무엇으로 확인했는지 골라 주십시오.")],
    )


class SignForm(PortalForm):
    """Both pads; who signs on which is decided by who is looking at the page."""

    sha256 = HiddenField()
    transferee = HiddenField("인수자 서명")
    transferee_scan = FileField("종이에 서명한 경우 스캔 파일")
    transferor = HiddenField("인계자 서명")
    transferor_scan = FileField("종이에 서명한 경우 스캔 파일")


class ReplyForm(PortalForm):
    """The 회신 공문; the verb says what is wrong with what was typed."""

    doc_no = StringField(
        "회신 공문번호",
        [InputRequired("회신 공문의 번호를 적어 주십시오. 인계·인수증에 적힙니다.")],
        filters=[wording.line],
        description="예: ○○과-1234",
        render_kw={"maxlength": LONGEST, "autocomplete": "off"},
    )
    doc_on = DateField("시행일자", [InputRequired("회신 공문의 시행일자를 적어 주십시오.")])
    mail_no = StringField(
        "등기번호",
        [InputRequired("등기번호 13자리를 적어 주십시오. 예: 12345-6789-0123")],
        filters=[wording.line],
        description="등기 라벨의 13자리. 예: 12345-6789-0123",
        render_kw={"maxlength": 20, "inputmode": "numeric", "autocomplete": "off"},
    )
    transferor = HiddenField("인계자 서명")
    transferor_scan = FileField("종이에 서명한 경우 스캔 파일")

    def reply(self) -> Reply:
        return Reply(
            doc_no=self.doc_no.data or "",
            doc_on=self.doc_on.data,
            mail_no=self.mail_no.data or "",
        )
