"""Why a paper is issued or printed again."""

from __future__ import annotations

from wtforms import StringField

from portal.web.forms import PortalForm


class WhyForm(PortalForm):
    """The verbs refuse an empty reason."""

    why = StringField("사유")
