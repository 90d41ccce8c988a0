"""A day off, as it is typed."""

from __future__ import annotations

from wtforms import DateField, StringField
from wtforms.validators import InputRequired

from portal.web.forms import PortalForm


class HolidayForm(PortalForm):
    day = DateField("날짜", [InputRequired("쉬는 날의 날짜를 고르십시오.")])
    name = StringField("이름", [InputRequired("이름을 적어 주십시오 (예: 임시공휴일).")])
