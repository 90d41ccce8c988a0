"""What people type to enrol an authenticator."""

from __future__ import annotations

from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired

from portal.web.forms import PortalForm


class PasswordAgainForm(PortalForm):
    password = PasswordField(
        "비밀번호",
        [InputRequired("로그인할 때 쓰는 비밀번호를 입력해 주십시오.")],
        render_kw={"autocomplete": "current-password"},
    )


class RecoveryForm(PasswordAgainForm):
    recovery_code = StringField(
        "복구 코드",
        [InputRequired("복구 코드 하나를 입력해 주십시오.")],
        description="등록할 때 받으신 복구 코드 가운데 아직 쓰지 않은 것 하나입니다.",
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class FirstCodeForm(PortalForm):
    code = StringField("인증번호", [InputRequired("인증 앱에 보이는 6자리를 입력해 주십시오.")])
