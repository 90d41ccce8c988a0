"""The base of every form: no field that people type into takes a 주민등록번호."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, PasswordField, StringField

from portal.applications.resident_number import MESSAGE, holds_resident_number

#: 법인등록번호 has thirteen digits that may look like one: the one field excepted.
EXCEPTED = frozenset({"corporate_no"})


class PortalForm(FlaskForm):  # type: ignore[misc]
    """Says so beside each such field, instead of whatever else is wrong with it."""

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        refused = [field for field in self if is_typed(field) and _holds(field)]
        for field in refused:
            field.errors = [MESSAGE]
        return is_valid and not refused


def is_typed(field: Field) -> bool:
    """Whether people type words into it: one line or several, but no password."""
    typed = isinstance(field, StringField) and not isinstance(field, PasswordField | HiddenField)
    return typed and field.short_name not in EXCEPTED


def _holds(field: Field) -> bool:
    sent = [text for text in field.raw_data or [] if isinstance(text, str)]
    return any(holds_resident_number(text) for text in (*sent, field.data or ""))
