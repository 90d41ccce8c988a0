"""Form fields that more than one slice asks for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from wtforms import DateField

_FIRST, _LAST = 1950, 2999


class DayField(DateField):  # type: ignore[misc]
    """A day; what is none is refused in Korean, with an example."""

    @property
    def day(self) -> date:
        """The day of a required field, once the form is valid."""
        if not isinstance(self.data, date):
            raise ValueError("the field was not validated")
        return self.data

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = None
        typed = valuelist[0].strip() if valuelist else ""
        if not typed:
            return
        try:
            day = date.fromisoformat(typed)
        except ValueError as error:
            raise ValueError("날짜를 2026-11-23처럼 입력해 주십시오.") from error
        if not _FIRST <= day.year <= _LAST:
            raise ValueError(f"{_FIRST}년부터 {_LAST}년까지의 날짜를 입력해 주십시오.")
        self.data = day
