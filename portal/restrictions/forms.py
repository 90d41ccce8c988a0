"""What people type about a restriction; the rules are in the domain."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from portal import clock
from portal.applications.wording import line, paragraphs
from portal.restrictions.draft import Entry
from portal.restrictions.grounds import GROUNDS, PHONE_RECORDING, PORTAL_USE, WAYS
from portal.restrictions.refusals import RestrictionRefused
from portal.runtime import settings
from portal.web.fields import DayField
from portal.web.forms import PortalForm


class _Form(PortalForm):
    def refuse(self, refused: RestrictionRefused) -> None:
        """Put the domain's refusal beside its field, or on top."""
        name = getattr(refused, "field", "")
        if name in self:
            self[name].errors = [str(refused)]
        else:
            self.form_errors.append(str(refused))


class DraftForm(_Form):
    who = StringField(
        "대상자의 사번 또는 아이디",
        filters=[line],
        validators=[InputRequired("대상자의 사번이나 아이디를 입력해 주십시오.")],
    )
    ground = RadioField(
        "제한 사유",
        coerce=int,
        validators=[InputRequired("제한 사유를 골라 주십시오.")],
        choices=[],
        validate_choice=False,
    )
    facts = TextAreaField(
        "사실관계",
        filters=[paragraphs],
        validators=[InputRequired("무엇을 언제 하였는지 적어 주십시오.")],
        description="통지서에 그대로 인쇄됩니다. 1,000자, 15줄까지 적을 수 있습니다.",
        render_kw={"rows": 5, "maxlength": 1000},
    )
    portal_use = BooleanField(PORTAL_USE)
    phone_recording = BooleanField(PHONE_RECORDING)
    from_on = DayField("시작일", [InputRequired("시작일을 입력해 주십시오.")])
    last_on = DayField("종료일", description="그날까지 제한합니다. 비우면 해제할 때까지입니다.")
    #: The call without prior notice from which it is drafted.
    call = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        articles, texts = settings().articles, settings().restriction_grounds
        self.ground.choices = [
            SelectChoice(number, f"{articles.restriction_ground(number)} {texts.text(number)}")
            for number in GROUNDS
        ]

    def entry(self) -> Entry:
        return Entry(
            ground=self.ground.data,
            facts=self.facts.data,
            portal_use=self.portal_use.data,
            phone_recording=self.phone_recording.data,
            from_on=self.from_on.data or clock.today(),  # asked for by its validator
            last_on=self.last_on.data,
        )

    def refuse(self, refused: RestrictionRefused) -> None:
        if getattr(refused, "field", "") == "scope":
            self.portal_use.errors = [str(refused)]
        else:
            super().refuse(refused)


class DecideForm(_Form):
    opinion = TextAreaField(
        "의견",
        filters=[paragraphs],
        description="거절할 때에는 꼭 적습니다.",
        render_kw={"rows": 3, "maxlength": 1000},
    )


class LiftForm(_Form):
    lift_reason = TextAreaField(
        "해제하는 이유", filters=[paragraphs], render_kw={"rows": 3, "maxlength": 1000}
    )


class ServeForm(_Form):
    how = SelectField(
        "전달 방법",
        choices=[SelectChoice("", "선택"), *(SelectChoice(*way) for way in WAYS.items())],
        validators=[InputRequired("전달 방법을 골라 주십시오.")],
    )
    served_at = DateTimeLocalField(
        "받은 일시",
        validators=[InputRequired("받은 일시를 입력해 주십시오.")],
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    note = StringField(
        "등기번호, 전자문서 번호 또는 서명을 거부한 경위",
        filters=[line],
        render_kw={"maxlength": 200},
    )
    refused_to_sign = BooleanField("받은 사람이 서명을 거부했습니다.")
    signature_scan = FileField("서명한 수령증의 스캔 파일")

    @classmethod
    def now(cls) -> ServeForm:
        """An empty form with this minute."""
        return cls(
            formdata=None, served_at=clock.seoul(clock.now()).replace(tzinfo=None, microsecond=0)
        )
