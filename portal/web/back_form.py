"""What gives a turned screen back (`turned.py`)."""

from __future__ import annotations

from wtforms import PasswordField

from portal.accounts.passwords import LONGEST as LONGEST_PASSWORD
from portal.web.forms import PortalForm


class BackForm(PortalForm):
    """Gives a screen turned to a citizen back to the officer who is logged in."""

    password = PasswordField(
        "담당자 비밀번호", render_kw={"autocomplete": "off", "maxlength": LONGEST_PASSWORD}
    )
