"""파기확인: when it was destroyed, and for people without an account how they told."""

from __future__ import annotations

from wtforms import BooleanField, DateField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from portal.destruction.confirm import TOLD
from portal.web.forms import PortalForm


class ConfirmForm(PortalForm):
    destroyed_on = DateField(
        "파기한 날", validators=[InputRequired("파기한 날을 날짜로 적어 주십시오.")]
    )
    told_how = SelectField(
        "알려 온 방법",
        choices=[SelectChoice("", "고르십시오"), *(SelectChoice(*one) for one in TOLD.items())],
        validators=[InputRequired("파기 사실을 어떻게 알려 왔는지 골라 주십시오.")],
    )
    note = TextAreaField(
        "비고",
        description="파기한 방법 등. 다른 사람의 이름이나 전화번호는 적지 마십시오.",
        validators=[Length(max=300, message="300자까지 적을 수 있습니다.")],
    )
    sure = BooleanField(
        "제공받은 파일과 그 사본을 모두 파기하였습니다.",
        validators=[InputRequired("모두 파기하였음을 확인해 주십시오.")],
    )

    @classmethod
    def for_holder(cls, *, outside: bool) -> ConfirmForm:
        """The form; the holder themselves is not asked how they told."""
        form = cls()
        if not outside:
            del form.told_how
        return form
