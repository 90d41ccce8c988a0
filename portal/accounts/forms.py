"""What people type about accounts; the rules themselves are in the domain."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length


class LoginForm(FlaskForm):  # type: ignore[misc]
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


class PasswordForm(FlaskForm):  # type: ignore[misc]
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
            raise ValueError("새 비밀번호와 다릅니다. 두 칸에 같은 비밀번호를 입력해 주십시오.")
