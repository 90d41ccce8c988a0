"""Why a paper is issued or printed again."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import StringField


class WhyForm(FlaskForm):  # type: ignore[misc]
    """The verbs refuse an empty reason."""

    why = StringField("사유")
