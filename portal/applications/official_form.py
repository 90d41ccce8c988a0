"""What the custodian types off a 공문."""

from __future__ import annotations

from wtforms import DateField, HiddenField, MultipleFileField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from portal.accounts.models import Department
from portal.applications import call_fields, choices, wording
from portal.applications.file_for import counters
from portal.applications.form_fields import (
    ACCEPT,
    Asked,
    KoreanForm,
    Typed,
    reason_field,
    text_field,
    valid_text,
)
from portal.applications.forms import disclosure_field
from portal.applications.register_official import OfficialEntry


class OfficialForm(KoreanForm):
    #: Names the application, so that a form that is sent twice registers one 공문.
    draft = HiddenField()
    ground = RadioField(
        "근거",
        [Asked()],
        choices=lambda: [SelectChoice(*ground) for ground in choices.official_grounds().items()],
        default=4,
        coerce=int,
    )
    disclosure_type = disclosure_field()
    #: Public id of the department at whose counter the official will hear.
    office = SelectField(
        "열람할 창구",
        choices=lambda: [
            SelectChoice("", "제공이면 고르지 않습니다"),
            *(SelectChoice(office.public_id, office.name) for office in counters()),
        ],
        description="열람이면 이 창구의 담당자가 입회합니다.",
        validate_choice=False,
    )
    applicant_name = text_field("기관명", 100, description="예: ○○경찰서")
    official_doc_no = text_field("공문번호", 100, description="예: 수사과-1234")
    official_doc_on = DateField("시행일자", [Asked(), Typed(20)])
    legal_basis = text_field(
        "법적 근거", 200, description="공문에 적힌 법률과 조항. 예: 「형사소송법」 제199조제2항"
    )
    official_department = text_field("담당 부서", 100)
    official_rank = text_field("담당자 직급", 50)
    official_name = text_field("담당자 성명", 50)
    official_contact = text_field("담당자 연락처", 100, validators=[call_fields.contact])
    caller_number = call_fields.caller_field()
    callee_number = call_fields.callee_field()
    called_department = call_fields.department_field()
    asked_from = call_fields.from_field()
    asked_until = call_fields.until_field()
    purpose = text_field("이용 목적", 200, description="인계·인수증에 적힙니다. 예: 수사 자료")
    reason = reason_field()
    evidence = MultipleFileField(
        "공문 스캔", [Asked()], description="PDF, PNG, JPEG", render_kw={"accept": ACCEPT}
    )
    masked = RadioField(
        "공문의 주민등록번호 뒷자리",
        choices=[
            SelectChoice("yes", "가렸거나 적혀 있지 않습니다"),
            SelectChoice("no", "가리지 않았습니다"),
        ],
        validate_choice=False,
    )

    def has_office(self) -> bool:
        """Whether somebody can sit in where the 공문 asks for 열람; else the form says so."""
        if self.disclosure_type.data != "inspection" or self._office():
            return True
        self.refuse("office", "열람할 창구를 골라 주십시오. 그 창구의 담당자만 입회할 수 있습니다.")
        return False

    def _office(self) -> Department | None:
        return next((o for o in counters() if o.public_id == self.office.data), None)

    def entry(self) -> OfficialEntry:
        """What was typed; a field with a mistake stays empty."""
        return OfficialEntry(
            ground=self.ground.data if not self.ground.errors else 0,
            disclosure_type="inspection"
            if self.disclosure_type.data == "inspection"
            else "provision",
            office=self._office() if self.disclosure_type.data == "inspection" else None,
            agency=valid_text(self.applicant_name),
            doc_no=valid_text(self.official_doc_no),
            doc_on=None if self.official_doc_on.errors else self.official_doc_on.data,
            legal_basis=valid_text(self.legal_basis),
            department=valid_text(self.official_department),
            rank=valid_text(self.official_rank),
            name=valid_text(self.official_name),
            contact=wording.contact(valid_text(self.official_contact)) or "",
            caller_number=call_fields.stored_number(self.caller_number),
            callee_number=call_fields.stored_number(self.callee_number),
            called_department=valid_text(self.called_department),
            asked_from=call_fields.moment(self.asked_from),
            asked_until=call_fields.moment(self.asked_until),
            purpose=valid_text(self.purpose),
            reason=valid_text(self.reason),
        )
