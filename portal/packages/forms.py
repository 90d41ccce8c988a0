"""What is typed to open a download, and to hand out again."""

from __future__ import annotations

from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from portal.applications.wording import line
from portal.packages.ask import TOLD_APART
from portal.packages.open_download import MEDIA, Handling
from portal.web.forms import PortalForm

_LONG = Length(max=200, message="200자까지 적을 수 있습니다.")


class DownloadForm(PortalForm):
    """Reason and code; for a recipient without an account also the medium."""

    reason = StringField(
        "내려받는 사유",
        filters=[line],
        validators=[InputRequired("내려받는 사유를 입력해 주십시오."), _LONG],
    )
    medium = SelectField(
        "인수자의 저장매체",
        choices=[SelectChoice("", "종류를 고르십시오"), *(SelectChoice(name) for name in MEDIA)],
        validators=[InputRequired("인수자가 가져온 저장매체의 종류를 골라 주십시오.")],
    )
    medium_serial = StringField(
        "저장매체 고유번호",
        filters=[line],
        validators=[
            InputRequired("저장매체에 적힌 고유번호(일련번호)를 입력해 주십시오."),
            Length(max=100, message="100자까지 적을 수 있습니다."),
        ],
    )
    no_copy_stays = BooleanField(
        "인수자의 저장매체에 바로 저장하며, 업무용 PC에 사본을 남기지 않습니다.",
        validators=[InputRequired("업무용 PC에 사본을 남기지 않음을 확인해 주십시오.")],
    )
    code = StringField("인증번호", validators=[InputRequired("인증번호를 입력해 주십시오.")])

    @classmethod
    def for_package(cls, *, medium: bool) -> DownloadForm:
        """The form; without the medium's fields where the recipient downloads by themselves."""
        form = cls()
        if not medium:
            del form.medium, form.medium_serial, form.no_copy_stays
        return form

    def handling(self) -> Handling:
        if "medium" not in self:
            return Handling(self.reason.data)
        return Handling(
            self.reason.data,
            self.medium.data,
            self.medium_serial.data,
            bool(self.no_copy_stays.data),
        )


class TellForm(PortalForm):
    """How an agency is told the password, where the medium goes there with a 회신 공문."""

    told_how = RadioField(
        "비밀번호를 알리는 방법",
        choices=[SelectChoice(*how) for how in TOLD_APART.items()],
        validators=[InputRequired("비밀번호를 인수자에게 어떻게 알릴지 골라 주십시오.")],
    )


class AgainForm(PortalForm):
    """Why it is handed out once more."""

    why = StringField(
        "다시 제공하는 사유",
        filters=[line],
        validators=[InputRequired("다시 제공하는 사유를 입력해 주십시오."), _LONG],
    )
