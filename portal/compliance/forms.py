"""What the custodian saw at the recorder."""

from __future__ import annotations

from wtforms import DateField, RadioField, StringField
from wtforms.validators import DataRequired, Length

from portal.web.forms import PortalForm


class RecorderForm(PortalForm):
    checked_on = DateField("확인일", validators=[DataRequired("확인한 날을 골라 주십시오.")])
    clean = RadioField(
        "장비에 보관기간이 지난 통화가",
        choices=[("yes", "남아 있지 않음"), ("no", "남아 있음")],
        validators=[DataRequired("남아 있는지 골라 주십시오.")],
    )
    note = StringField("비고", validators=[Length(max=300, message="300자 안으로 줄여 주십시오.")])
