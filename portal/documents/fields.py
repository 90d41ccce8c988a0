"""Every typed text passes here before it reaches a template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from portal.documents.errors import DocumentError
from portal.documents.text import printable

LONGEST = 300  # characters of one box
LONGEST_REASON = 5_000  # 신청사유
_MULTILINE = {"reason", "rows"}  # every other box is one text without lines of its own

_Form = TypeVar("_Form")


def cleaned(form: _Form, longest: Mapping[str, int] | None = None) -> _Form:
    """The same form (a dataclass) with every text in it, however deep, made `printable`.

    `longest` raises the limit of single fields. Raises `DocumentError` for a text over its limit:
    100,000 characters would keep the renderer busy for seconds.
    """
    limits = longest or {}
    changes = {
        field.name: _clean(getattr(form, field.name), field.name, limits)
        for field in fields(form)  # type: ignore[arg-type]
    }
    return replace(form, **changes)  # type: ignore[type-var]


def _clean(value: Any, name: str, limits: Mapping[str, int]) -> Any:
    if isinstance(value, str):
        text = _text(value, limits.get(name, LONGEST))
        return text if name in _MULTILINE else " ".join(text.split())
    if isinstance(value, tuple):
        return tuple(_clean(item, name, limits) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return cleaned(value, limits)
    return value


def _text(text: str, limit: int) -> str:
    if len(text) > limit:
        raise DocumentError(
            f"한 칸에 {limit:,}자까지 적을 수 있습니다 (지금 {len(text):,}자). 글을 줄여 주세요."
        )
    return printable(text).strip()
