"""What the counter types about a call; the rules are in the domain."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import StringField


class CallResultForm(FlaskForm):  # type: ignore[misc]
    result = StringField("결과")
    note = StringField("메모")
