"""Every setting with its value, its meaning, and whether it differs from the default."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from functools import cache
from typing import Any

from portal.institution import ApprovalStepSettings, Settings, load_settings
from portal.settings.meanings import MEANINGS, SECTIONS


@dataclass(frozen=True)
class Shown:
    """One setting as the page shows it."""

    key: str
    meaning: str
    value: str
    default: str

    @property
    def name(self) -> str:
        """As it stands in the file, below its section."""
        return self.key.partition(".")[2]

    @property
    def changed(self) -> bool:
        return self.value != self.default


@dataclass(frozen=True)
class Group:
    name: str
    title: str
    rows: tuple[Shown, ...]


def groups(settings: Settings) -> list[Group]:
    """The sections in the order of the file."""
    defaults = _defaults()
    return [
        Group(
            section,
            SECTIONS[section],
            tuple(
                Shown(
                    key=f"{section}.{name}",
                    meaning=MEANINGS[f"{section}.{name}"],
                    value=in_words(value),
                    default=in_words(getattr(getattr(defaults, section), name)),
                )
                for name, value in values
            ),
        )
        for section, values in settings
    ]


@cache
def _defaults() -> Settings:
    """The file beside the code: reading and checking it takes as long as the page."""
    return load_settings()


def in_words(value: Any) -> str:
    """A value as an official reads it."""
    if isinstance(value, tuple):
        steps = all(isinstance(one, ApprovalStepSettings) for one in value)
        return (" → " if steps else ", ").join(in_words(one) for one in value) or "(없음)"
    if isinstance(value, ApprovalStepSettings):
        return f"{value.title} ({value.role})"
    if isinstance(value, bool):
        return "예" if value else "아니요"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return str(value) or "(비어 있음)"


def as_markdown() -> str:
    """Icheon's values as `docs/settings.md` shows them, a table for each section."""
    lines: list[str] = []
    for group in groups(load_settings()):
        lines += [
            f"### `[{group.name}]` {group.title}",
            "",
            "| 값 | 기본값 | 뜻 |",
            "|---|---|---|",
        ]
        for row in group.rows:
            lines.append(f"| `{row.name}` | {row.value} | {row.meaning} |")
        lines.append("")
    return "\n".join(lines)
