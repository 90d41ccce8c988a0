"""What people type about accounts; the rules themselves are in the domain."""

from __future__ import annotations

from wtforms import (
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import AnyOf, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from portal.accounts.acting import LONGEST_REASON
from portal.accounts.authority import title_of
from portal.accounts.models import Account, Department
from portal.roles import Role
from portal.web.fields import DayField
from portal.web.forms import PortalForm

#: Every account has the employee role; the others are given and taken.
GIVEN_ROLES = [role for role in Role if role is not Role.EMPLOYEE]


class LoginForm(PortalForm):
    login = StringField(
        "아이디",
        [InputRequired("아이디를 입력해 주십시오."), Length(max=50, message="50자까지입니다.")],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        "비밀번호",
        [InputRequired("비밀번호를 입력해 주십시오.")],
        render_kw={"autocomplete": "current-password"},
    )


class PasswordForm(PortalForm):
    """One's own new password; the present one is asked again."""

    present = PasswordField(
        "현재 비밀번호",
        [InputRequired("현재 비밀번호를 입력해 주십시오.")],
        render_kw={"autocomplete": "current-password"},
    )
    new = PasswordField(
        "새 비밀번호",
        [InputRequired("새 비밀번호를 입력해 주십시오.")],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        "새 비밀번호 확인",
        [InputRequired("새 비밀번호를 한 번 더 입력해 주십시오.")],
        render_kw={"autocomplete": "new-password"},
    )

    def validate_again(self, field: PasswordField) -> None:
        if field.data != self.new.data:
            raise ValidationError(
                "새 비밀번호와 다릅니다. 두 칸에 같은 비밀번호를 입력해 주십시오."
            )


class NewAccountForm(PortalForm):
    login = StringField(
        "아이디",
        [InputRequired("아이디를 입력해 주십시오.")],
        filters=[lambda text: text and text.strip()],
        description="영문 소문자로 시작하여 3자에서 50자까지 정해 주십시오.",
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    name = StringField(
        "성명",
        [InputRequired("성명을 입력해 주십시오."), Length(max=100, message="100자까지입니다.")],
    )
    employee_no = StringField(
        "사번",
        [Optional(), Length(max=30, message="30자까지입니다.")],
        filters=[lambda text: text and text.strip()],
        description="이미 등록된 직원이면 사번으로 찾아 그 직원의 계정을 만듭니다.",
    )
    department = SelectField(
        "부서", [InputRequired("부서를 골라 주십시오.")], validate_choice=False
    )
    rank = StringField("직급", [Length(max=50, message="50자까지입니다.")])
    roles = SelectMultipleField(
        "추가 역할",
        coerce=Role,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description="직원 역할은 누구나 갖습니다.",
    )

    def offer(self, departments: list[Department]) -> NewAccountForm:
        """What can be chosen; an unknown choice is refused with our own words."""
        self.department.choices = [
            ("", "고르십시오"),
            *((d.public_id, d.name) for d in departments),
        ]
        known = AnyOf(
            [d.public_id for d in departments], message="목록에 있는 부서를 골라 주십시오."
        )
        self.department.validators = [*self.department.validators, known]
        self.roles.choices = [(role, title_of(role)) for role in GIVEN_ROLES]
        return self


class ActingForm(PortalForm):
    """직무대리: for which role, who acts, in whose place, from when to when, and why."""

    role = SelectField("직책", validate_choice=False)
    substitute = StringField(
        "직무대리의 아이디",
        [InputRequired("직무대리할 사람의 아이디를 입력해 주십시오.")],
        filters=[lambda text: text and text.strip()],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    in_place_of = SelectField("부재자", validate_choice=False)
    from_on = DayField("시작일", [InputRequired("시작일을 입력해 주십시오.")])
    last_on = DayField("마지막 날", [InputRequired("마지막 날을 입력해 주십시오.")])
    reason = StringField(
        "사유",
        [InputRequired("사유를 입력해 주십시오."), Length(max=LONGEST_REASON)],
        render_kw={"maxlength": LONGEST_REASON},
    )

    def offer(self, roles: list[Role], holders: list[Account]) -> ActingForm:
        """The roles that may be named for, and who holds one of them."""
        self.role.choices = [(role, title_of(role)) for role in roles]
        named = [(a.public_id, f"{a.name} ({a.person.department_name})") for a in holders]
        self.in_place_of.choices = [("", "없음: 이해관계가 있을 때에만 대리"), *named]
        return self


class ShortenForm(PortalForm):
    """The new last day of a 직무대리."""

    last_on = DayField("마지막 날", [InputRequired("마지막 날을 입력해 주십시오.")])
