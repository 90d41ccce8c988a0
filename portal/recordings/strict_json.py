"""JSON from outside: small, flat, unambiguous, or refused."""

from __future__ import annotations

import json
import re

_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


class BadJson(ValueError):
    """`code`: too_big, too_deep, not_text, not_json or double_key."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def parse_object(data: bytes, most_bytes: int, deepest: int) -> dict[str, object]:
    """The object in `data` (UTF-8, with or without a BOM). Raises BadJson.

    A key that stands twice, NaN, Infinity, half a surrogate pair and more than `deepest` levels of
    brackets are refused.
    """
    if len(data) > most_bytes:
        raise BadJson("too_big")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadJson("not_text") from None
    if _depth(text) > deepest:
        raise BadJson("too_deep")
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
        json.dumps(found, ensure_ascii=False).encode()
    except BadJson:
        raise
    except ValueError:  # also UnicodeEncodeError, and an integer of thousands of digits
        raise BadJson("not_json") from None
    if not isinstance(found, dict):
        raise BadJson("not_json")
    return found


def _depth(text: str) -> int:
    """The deepest nesting of brackets outside strings."""
    depth = deepest = 0
    for character in _STRINGS.sub("", text):
        if character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadJson("double_key")
    return found


def _refuse(_: str) -> object:
    raise BadJson("not_json")
