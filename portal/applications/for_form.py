"""What an officer types for an employee who cannot file."""

from __future__ import annotations

from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice

from portal.applications import call_fields, choices
from portal.applications.draft import ForEntry
from portal.applications.file_for import counters
from portal.applications.form_fields import (
    Asked,
    FilingForm,
    purpose_field,
    reason_field,
    valid_text,
)
from portal.applications.forms import disclosure_field
from portal.applications.models import Application


class ForForm(FilingForm):
    """Form 1 of an employee; name and department come from the directory."""

    #: Public id of the employee.
    person = HiddenField()
    #: Public id of the department at whose counter they will hear.
    office = SelectField(
        "열람할 창구",
        [Asked()],
        description="이 창구의 담당자가 입회합니다.",
        validate_choice=False,
    )
    identity_document = SelectField(
        "확인한 신분증",
        [Asked()],
        choices=[
            SelectChoice("", "선택"),
            *(SelectChoice(word) for word in choices.IDENTITY_DOCUMENTS),
        ],
        description="지금 확인한 신분증. 사본은 받지 않습니다.",
    )
    caller_number = call_fields.caller_field()
    callee_number = call_fields.callee_field()
    called_department = call_fields.department_field()
    asked_from = call_fields.from_field()
    asked_until = call_fields.until_field()
    disclosure_type = disclosure_field()
    purpose = purpose_field()
    reason = reason_field()

    def prepare(self) -> ForForm:
        """With the counters there are today."""
        self.office.choices = [SelectChoice(o.public_id, o.name) for o in counters()]
        return self

    @classmethod
    def of(cls, draft: Application) -> ForForm:
        """The form with what the draft holds."""
        same = "disclosure_type identity_document called_department purpose reason"
        return cls(
            formdata=None,
            draft=draft.public_id,
            person=draft.filed_for.public_id if draft.filed_for else "",
            office=draft.office.public_id if draft.office else "",
            caller_number=call_fields.shown_number(draft.caller_number),
            callee_number=call_fields.shown_number(draft.callee_number),
            asked_from=call_fields.wall_clock(draft.asked_from),
            asked_until=call_fields.wall_clock(draft.asked_until),
            **{name: getattr(draft, name) for name in same.split()},
        ).prepare()

    @property
    def kind(self) -> str:
        """The chosen 구분, 열람 where nothing valid was chosen."""
        return "provision" if self.disclosure_type.data == "provision" else "inspection"

    def entry(self) -> ForEntry:
        """What may be stored: fields with errors stay out of the database."""
        return ForEntry(
            disclosure_type=self.kind,
            identity_document=valid_text(self.identity_document),
            caller_number=call_fields.stored_number(self.caller_number),
            callee_number=call_fields.stored_number(self.callee_number),
            called_department=valid_text(self.called_department),
            asked_from=call_fields.moment(self.asked_from),
            asked_until=call_fields.moment(self.asked_until),
            purpose=valid_text(self.purpose),
            reason=valid_text(self.reason),
        )
