"""Numbers and times as people type them, and as they are stored: digits, UTC, None for 모름."""

from __future__ import annotations

from datetime import datetime

from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, Field, StringField
from wtforms.validators import StopValidation

from portal import clock, phones
from portal.applications import wording
from portal.applications.form1_data import UNKNOWN
from portal.applications.form_fields import Asked, Typed, text_field, valid_text

_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


def number(form: FlaskForm, field: Field) -> None:
    """A validator: digits with whatever stands between them, or 모름."""
    if field.data != UNKNOWN and not 2 <= len(phones.digits(field.data)) <= 15:
        raise StopValidation("전화번호를 숫자로 적어 주십시오. 예: 031-644-1234. 모르면 '모름'.")


def contact(form: FlaskForm, field: Field) -> None:
    """A validator: a telephone number or an e-mail address."""
    if wording.contact(field.data) is None:
        raise StopValidation("전화번호(예: 010-1234-5678)나 전자우편 주소를 적어 주십시오.")


def caller_field() -> StringField:
    return text_field(
        "송신번호", 30, validators=[number], description="전화를 건 번호. 모르면 '모름'"
    )


def callee_field() -> StringField:
    return text_field(
        "수신번호", 30, validators=[number], description="전화를 받은 번호. 모르면 '모름'"
    )


def department_field() -> StringField:
    return text_field("통화한 부서", 100, asked=False, description="번호를 모르면 꼭 적습니다.")


def from_field() -> DateTimeLocalField:
    return DateTimeLocalField("통화일시", [Asked(), Typed(30)], format=_FORMATS)


def until_field() -> DateTimeLocalField:
    return DateTimeLocalField("통화일시 끝 (범위일 때)", [Typed(30)], format=_FORMATS)


def stored_number(field: Field) -> str | None:
    typed = valid_text(field)
    return None if typed == UNKNOWN else phones.digits(typed)


def shown_number(stored: str | None) -> str:
    return UNKNOWN if stored is None else phones.shown(stored)


def moment(field: Field) -> datetime | None:
    """What the clerk typed is Seoul's time."""
    typed: datetime | None = None if field.errors else field.data
    return typed.replace(tzinfo=clock.SEOUL) if typed else None


def wall_clock(stored: datetime | None) -> datetime | None:
    return clock.seoul(stored).replace(tzinfo=None) if stored else None
