"""What the counter types about a call; the rules are in the domain."""

from __future__ import annotations

from wtforms import StringField

from portal.web.forms import PortalForm


class CallResultForm(PortalForm):
    result = StringField("결과")
    note = StringField("메모")
