"""What an import did or would do, line by line."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Effect(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    ENDED = "ended"
    SAME = "same"
    WRONG = "wrong"


WORDS = {
    Effect.ADDED: "추가",
    Effect.CHANGED: "변경",
    Effect.ENDED: "종료",
    Effect.SAME: "그대로",
    Effect.WRONG: "오류",
}


@dataclass(frozen=True)
class Line:
    """`number` is the line of the file; `text` says what happened to it, or how to correct it."""

    number: int
    effect: Effect
    text: str

    @property
    def word(self) -> str:
        return WORDS[self.effect]


@dataclass
class Report:
    """`applied` once everything was written; with one wrong line nothing is."""

    lines: list[Line] = field(default_factory=list)
    applied: bool = False

    @property
    def counts(self) -> dict[Effect, int]:
        found = Counter(line.effect for line in self.lines)
        return {effect: found[effect] for effect in Effect}

    @property
    def is_wrong(self) -> bool:
        return self.counts[Effect.WRONG] > 0

    @property
    def shown(self) -> list[Line]:
        """What a person reads: the mistakes first, and nothing of what stays as it is."""
        told = [line for line in self.lines if line.effect is not Effect.SAME]
        return sorted(told, key=lambda line: (line.effect is not Effect.WRONG, line.number))
