"""What people type into Form 1: formats and lengths. What is missing is said by `complete.py`."""

from __future__ import annotations

from datetime import date

from flask_wtf import FlaskForm
from wtforms import DateField, Field, MultipleFileField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation
from wtforms.widgets import TextInput

from portal import phones
from portal.applications import call_fields, choices, wording
from portal.applications.draft import CitizenEntry, OwnEntry
from portal.applications.form_fields import (
    ACCEPT,
    Asked,
    FilingForm,
    Typed,
    purpose_field,
    reason_field,
    text_field,
    valid_text,
)
from portal.applications.models import Application
from portal.applications.registration_number import business_number


def _one_of(words: tuple[str, ...]) -> list[SelectChoice]:
    return [SelectChoice("", "선택"), *(SelectChoice(word) for word in words)]


def disclosure_field() -> RadioField:
    return RadioField(
        "구분",
        [Asked()],
        choices=[
            SelectChoice("inspection", "열람 (포털에서 듣습니다)"),
            SelectChoice("provision", "제공 (잠긴 파일로 받습니다)"),
        ],
        default="inspection",
        description="둘 다 필요하면 구분마다 따로 신청합니다.",
    )


def _birth_field(label: str, *, asked: bool) -> DateField:
    return DateField(
        label,
        [*([Asked()] if asked else []), Typed(20)],
        format=["%Y-%m-%d", "%Y%m%d", "%Y.%m.%d", "%Y. %m. %d.", "%Y. %m. %d", "%Y/%m/%d"],
        widget=TextInput(),
        description="예: 19800304",
        render_kw={"inputmode": "numeric"},
    )


def _business(form: FlaskForm, field: Field) -> None:
    if business_number(field.data) is None:
        raise StopValidation("사업자등록번호 10자리를 확인해 주십시오. 예: 124-81-00998")


def _corporate(form: FlaskForm, field: Field) -> None:
    if field.data and len(phones.digits(field.data)) != 13:
        raise StopValidation("법인등록번호는 13자리 숫자입니다.")


class OwnForm(FilingForm):
    """An employee's application for a call of their own."""

    disclosure_type = disclosure_field()
    purpose = purpose_field()
    reason = reason_field()

    @classmethod
    def of(cls, draft: Application) -> OwnForm:
        same = ("disclosure_type", "purpose", "reason")
        values = {name: getattr(draft, name) for name in same}
        return cls(formdata=None, draft=draft.public_id, **values)

    @property
    def kind(self) -> str:
        """The chosen 구분, 열람 where nothing valid was chosen."""
        return "provision" if self.disclosure_type.data == "provision" else "inspection"

    def entry(self) -> OwnEntry:
        return OwnEntry(
            disclosure_type=self.kind,
            purpose=valid_text(self.purpose),
            reason=valid_text(self.reason),
        )


class CitizenForm(FilingForm):
    """What a counter officer types for the citizen who stands there."""

    disclosure_type = disclosure_field()
    applicant_kind = RadioField(
        "신청인",
        [Asked()],
        choices=[SelectChoice(*kind) for kind in choices.APPLICANTS.items()],
        default="citizen",
    )
    ground = RadioField(
        "신청 자격",
        [Asked()],
        choices=lambda: [SelectChoice(*ground) for ground in choices.grounds().items()],
        default=2,
        coerce=int,
    )
    applicant_name = text_field("성명(기관·단체명)", 100)
    birth_date = _birth_field("생년월일", asked=False)
    business_no = text_field(
        "사업자등록번호", 20, asked=False, validators=[_business], description="예: 124-81-00998"
    )
    corporate_no = StringField(
        "법인등록번호",
        [_corporate],
        filters=[wording.line],
        description="법인이면 13자리. 주민등록번호는 적지 않습니다.",
    )
    representative_name = text_field(
        "대리인(수령인) 성명", 100, asked=False, description="창구에 온 사람"
    )
    representative_birth = _birth_field("대리인 생년월일", asked=False)
    address = text_field("주소", 200)
    contact = text_field(
        "연락처",
        100,
        validators=[call_fields.contact],
        description="결과를 알릴 전화번호나 전자우편",
    )
    identity_document = SelectField(
        "확인한 신분증",
        [Asked()],
        choices=_one_of(choices.IDENTITY_DOCUMENTS),
        description="지금 창구에서 확인한 신분증. 사본은 받지 않습니다.",
    )
    relation_to_subject = text_field(
        "정보주체와의 관계", 100, default=choices.SELF, description="당사자이면 '본인'"
    )
    party_check = SelectField(
        "당사자 확인 방법",
        [Asked()],
        choices=_one_of(choices.PARTY_CHECKS),
    )
    party_check_note = text_field("확인 내용", 300, asked=False, description="확인한 사람, 시각 등")
    caller_number = call_fields.caller_field()
    callee_number = call_fields.callee_field()
    called_department = call_fields.department_field()
    asked_from = call_fields.from_field()
    asked_until = call_fields.until_field()
    purpose = purpose_field()
    reason = reason_field()
    power_papers = MultipleFileField(
        "위임장",
        description="대리인이 신청할 때. 신청인이 서명한 것. PDF, PNG, JPEG",
        render_kw={"accept": ACCEPT},
    )
    consent_papers = MultipleFileField(
        "당사자 동의서",
        description="동의를 받은 사람이 신청할 때. PDF, PNG, JPEG",
        render_kw={"accept": ACCEPT},
    )
    evidence = MultipleFileField(
        "그 밖의 증명서류",
        description="가입사실확인서 등 당사자임을 확인할 수 있는 서류. PDF, PNG, JPEG",
        render_kw={"accept": ACCEPT},
    )
    masked = RadioField(
        "올리는 서류의 주민등록번호 뒷자리",
        choices=[
            SelectChoice("yes", "가렸거나 적혀 있지 않습니다"),
            SelectChoice("no", "가리지 않았습니다"),
        ],
        validate_choice=False,
    )

    @classmethod
    def of(cls, draft: Application) -> CitizenForm:
        """The form with what the draft holds."""
        same = (
            "disclosure_type applicant_kind ground applicant_name address identity_document "
            "party_check party_check_note called_department purpose reason"
        )
        is_organisation = draft.applicant_kind == "organisation"
        number = draft.birth_or_business_no
        return cls(
            formdata=None,
            draft=draft.public_id,
            birth_date=None if is_organisation else _stored_day(number),
            business_no=number if is_organisation else "",
            corporate_no=draft.corporate_no or "",
            representative_name=draft.representative_name or "",
            representative_birth=_stored_day(draft.representative_birth),
            contact=phones.shown(draft.contact or ""),
            relation_to_subject=draft.relation_to_subject,
            caller_number=call_fields.shown_number(draft.caller_number),
            callee_number=call_fields.shown_number(draft.callee_number),
            asked_from=call_fields.wall_clock(draft.asked_from),
            asked_until=call_fields.wall_clock(draft.asked_until),
            **{name: getattr(draft, name) for name in same.split()},
        )

    @property
    def kind(self) -> str:
        """The chosen 구분, 열람 where nothing valid was chosen."""
        return "provision" if self.disclosure_type.data == "provision" else "inspection"

    def entry(self) -> CitizenEntry:
        """What may be stored: fields with errors stay out of the database."""
        return CitizenEntry(
            disclosure_type=self.kind,
            applicant_kind=valid_text(self.applicant_kind) or "citizen",
            ground=self.ground.data if not self.ground.errors else 2,
            applicant_name=valid_text(self.applicant_name),
            birth_date=None if self.birth_date.errors else self.birth_date.data,
            business_no=business_number(valid_text(self.business_no)) or "",
            corporate_no=phones.digits(valid_text(self.corporate_no)),
            representative_name=valid_text(self.representative_name),
            representative_birth=(
                None if self.representative_birth.errors else self.representative_birth.data
            ),
            address=valid_text(self.address),
            contact=wording.contact(valid_text(self.contact)) or "",
            relation_to_subject=valid_text(self.relation_to_subject),
            party_check=valid_text(self.party_check),
            party_check_note=valid_text(self.party_check_note),
            identity_document=valid_text(self.identity_document),
            caller_number=call_fields.stored_number(self.caller_number),
            callee_number=call_fields.stored_number(self.callee_number),
            called_department=valid_text(self.called_department),
            asked_from=call_fields.moment(self.asked_from),
            asked_until=call_fields.moment(self.asked_until),
            purpose=valid_text(self.purpose),
            reason=valid_text(self.reason),
        )


def _stored_day(stored: str | None) -> date | None:
    return date.fromisoformat(stored) if stored else None
