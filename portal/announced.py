"""제6조: lines on which the exchange itself announces that it records, from when, by whose word.

A dated setting: a call is judged by what was in force on its day.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from portal.guideline_words import Section

_DIRECTIONS = {"inbound": "수신", "outbound": "발신", "both": "수신·발신"}


class Announced(Section):
    #: Digits of an extension; empty for every line.
    number: str = Field(default="", pattern=r"^[0-9]{0,15}$")
    direction: Literal["inbound", "outbound", "both"]
    from_on: date
    last_on: date | None = None
    #: Who answers for it: a document number, the exchange's configuration.
    source: str = Field(min_length=1, max_length=100)

    @model_validator(mode="after")
    def _days_in_order(self) -> Announced:
        if self.last_on is not None and self.last_on < self.from_on:
            raise ValueError("last_on이 from_on보다 이릅니다")
        return self

    def __str__(self) -> str:
        until = self.last_on.isoformat() if self.last_on else ""
        line, way = self.number or "모든 회선", _DIRECTIONS[self.direction]
        return f"{line} {way} {self.from_on.isoformat()}~{until} ({self.source})"

    def holds_for(self, numbers: Collection[str], direction: str, day: date) -> bool:
        on_line = not self.number or self.number in numbers
        this_way = self.direction in ("both", direction)
        in_force = self.from_on <= day and (self.last_on is None or day <= self.last_on)
        return on_line and this_way and in_force


class PriorNoticeSettings(Section):
    announcements: tuple[Announced, ...] = ()

    def announced_by(self, numbers: Collection[str], direction: str, day: date) -> str | None:
        """Who says that a call of these extensions was announced; None where nobody does."""
        found = (a for a in self.announcements if a.holds_for(numbers, direction, day))
        return next((one.source for one in found), None)
