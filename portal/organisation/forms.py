"""What the custodian types about departments, extensions and files; the rules are in the domain."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import AnyOf, InputRequired, Length, Optional

from portal.accounts.models import Department
from portal.organisation.extensions import SHARED_WORDS
from portal.organisation.import_csv import TITLES, Kind
from portal.runtime import settings
from portal.web.fields import DayField
from portal.web.forms import PortalForm


def _stripped(text: str | None) -> str:
    return " ".join((text or "").split())


class DepartmentForm(PortalForm):
    name = StringField(
        "부서명",
        [InputRequired("부서명을 입력해 주십시오."), Length(max=100, message="100자까지입니다.")],
        filters=[_stripped],
    )
    kind = SelectField("구분", validate_choice=False)
    from_on = DayField("시작일", [InputRequired("시작일을 입력해 주십시오.")])

    def offer(self) -> DepartmentForm:
        """The kinds of 제3조 as the institution names them."""
        self.kind.choices = [(kind, kind) for kind in settings().organisation.kinds]
        return self


class EndForm(PortalForm):
    """The last day of a department or of a holding."""

    last_on = DayField("마지막 날", [InputRequired("마지막 날을 입력해 주십시오.")])


class HoldingForm(PortalForm):
    """Who uses an extension from when; a number that is new is added."""

    number = StringField(
        "내선번호", [InputRequired("내선번호를 입력해 주십시오.")], filters=[_stripped]
    )
    kind = SelectField(
        "구분", choices=[(word, word) for word in SHARED_WORDS], validate_choice=False
    )
    employee_no = StringField(
        "사용자의 사번",
        [InputRequired("사번을 입력해 주십시오."), Length(max=30, message="30자까지입니다.")],
        filters=[_stripped],
    )
    from_on = DayField("시작일", [InputRequired("시작일을 입력해 주십시오.")])
    last_on = DayField("마지막 날", [Optional()])


class ImportForm(PortalForm):
    """A file to look at first, or, once looked at, the same bytes (base64) to be written."""

    kind = SelectField(
        "무엇의 목록인가",
        [AnyOf([str(kind) for kind in Kind], message="목록의 종류를 골라 주십시오.")],
        choices=[(str(kind), title) for kind, title in TITLES.items()],
        validate_choice=False,
    )
    file = FileField("CSV 파일")
    content = HiddenField()


class NameForm(PortalForm):
    name = StringField("성명", [InputRequired("성명을 입력해 주십시오.")], filters=[_stripped])


class PostingForm(PortalForm):
    """발령: where a person sits from a day on; or until when."""

    department = SelectField("부서", validate_choice=False)
    rank = StringField("직급", [Length(max=50, message="50자까지입니다.")], filters=[_stripped])
    from_on = DayField("시작일", [InputRequired("시작일을 입력해 주십시오.")])
    last_on = DayField("마지막 날", [Optional()])

    def offer(self, departments: list[Department]) -> PostingForm:
        self.department.choices = [(d.public_id, d.name) for d in departments]
        return self


class OwnHoldingForm(PortalForm):
    """An extension for the person of the page."""

    number = StringField(
        "내선번호", [InputRequired("내선번호를 입력해 주십시오.")], filters=[_stripped]
    )
    kind = SelectField(
        "구분", choices=[(word, word) for word in SHARED_WORDS], validate_choice=False
    )
    holds_from = DayField("쓰기 시작한 날", [InputRequired("시작일을 입력해 주십시오.")])
    holds_last = DayField("쓰는 마지막 날", [Optional()])


class ClosingForm(PortalForm):
    """The last day of an account; empty takes a set one back."""

    closes_after = DayField("마지막 날", [Optional()])
