"""A day off, as it is typed."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import DateField, StringField
from wtforms.validators import InputRequired


class HolidayForm(FlaskForm):  # type: ignore[misc]
    day = DateField("날짜", [InputRequired("쉬는 날의 날짜를 고르십시오.")])
    name = StringField("이름", [InputRequired("이름을 적어 주십시오 (예: 임시공휴일).")])
