"""What is known of a call besides its sound. Every source ends in a `CallFacts` value.

The reference for whoever writes sidecars is `docs/drop-folder.md`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from portal import phones
from portal.recordings.strict_json import BadJson, parse_object

LARGEST_SIDECAR = 64 * 1024  # bytes
_DEEPEST = 6
_EARLY = timedelta(minutes=10)  # how far a recorder's clock may be ahead
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_NAMELESS = frozenset({"", "anonymous", "unknown", "private", "withheld", "restricted"})


def _moment(value: object) -> datetime:
    if isinstance(value, str) and _TIME.fullmatch(value):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            value = None
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise PydanticCustomError("bad_time", "not a time with an offset")
    if not _EARLIEST <= value <= _LATEST:
        raise PydanticCustomError("bad_time", "out of range")
    return value.astimezone(UTC)


def _number(value: object) -> str | None:
    """Digits, or None for a caller who withheld the number."""
    if value is None:
        return None
    if isinstance(value, str) and len(value) <= 40:
        if value.strip().lower() in _NAMELESS:
            return None
        found = phones.digits(value)
        if found:
            return found
    raise PydanticCustomError("bad_number", "not a telephone number")


def _extension(value: object) -> str:
    found = _number(str(value) if type(value) is int else value)
    if not found:
        raise PydanticCustomError("bad_number", "not an extension")
    return found


def _maybe_extension(value: object) -> str | None:
    return None if value is None or value == "" else _extension(value)


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError("bad_duration", "not a number of seconds")
    return float(value) if value <= 86_400 else value  # an int too large for float is refused below


Moment = Annotated[datetime, BeforeValidator(_moment)]
Number = Annotated[str | None, BeforeValidator(_number)]
_Text = Annotated[
    str, StringConstraints(strict=True, strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]+$")
]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Leg(_Frozen):
    """An extension's part in a call (a transfer makes several). JSON: extension, from, to."""

    extension: Annotated[str, BeforeValidator(_extension)]
    from_at: Moment = Field(validation_alias=AliasChoices("from", "from_at"))
    until_at: Moment = Field(validation_alias=AliasChoices("to", "until_at"))

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until_at < self.from_at:
            raise PydanticCustomError("bad_leg", "ends before it begins")
        return self


class Notice(_Frozen):
    """제6조: whether the other party was told, who says so, and when it was said (if known)."""

    kind: Literal["announcement", "spoken", "none", "unknown"] = "unknown"
    source: Annotated[_Text, Field(max_length=100)] | None = None
    at: Moment | None = None


class CallFacts(_Frozen):
    """Times are aware UTC; numbers are digits, None when withheld; `duration_s` in seconds.

    `channels`: who speaks on each channel of the sound, empty when nobody said. `legs` always names
    `extension` if there is one. `ignored`: keys of the sidecar that are none of these.
    """

    called_at: Moment
    duration_s: Annotated[float, BeforeValidator(_seconds), Field(ge=0, le=86_400)]
    caller: Number
    callee: Number
    extension: Annotated[str | None, BeforeValidator(_maybe_extension)] = None
    direction: Literal["inbound", "outbound", "internal", "unknown"]
    source: Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z0-9._:-]{1,50}$")]
    source_id: Annotated[_Text, Field(max_length=200)]
    notice: Notice = Notice()
    channels: Annotated[tuple[Literal["caller", "callee", "mixed"], ...], Field(max_length=2)] = ()
    legs: Annotated[tuple[Leg, ...], Field(max_length=50)] = ()
    ignored: tuple[str, ...] = ()

    @property
    def ended_at(self) -> datetime:
        return self.called_at + timedelta(seconds=self.duration_s)

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, data: Any) -> Any:
        """A plain word as notice is what the recorder itself says."""
        if not isinstance(data, dict):
            return data
        notice = data.get("notice")
        if isinstance(notice, str):
            notice = {"kind": notice}
        if isinstance(notice, dict):
            # 제6조: never shown as given without saying who says so.
            source = notice.get("source") or data.get("source")
            return data | {"notice": notice | {"source": source}}
        if notice is None:
            return {key: value for key, value in data.items() if key != "notice"}
        return data

    @model_validator(mode="after")
    def _complete_legs(self) -> Self:
        if self.extension and self.extension not in {leg.extension for leg in self.legs}:
            whole = Leg(extension=self.extension, from_at=self.called_at, until_at=self.ended_at)
            object.__setattr__(self, "legs", (whole, *self.legs))
        return self


class BadSidecar(Exception):
    """`code` for the program; `message` is Korean, says what to do and holds no personal data."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(code)


_JSON_MESSAGES = {
    "too_big": "통화 정보(JSON)가 64KB를 넘습니다.",
    "too_deep": "통화 정보(JSON)의 괄호가 너무 깊습니다.",
    "not_text": "통화 정보(JSON)가 UTF-8 문자가 아닙니다.",
    "not_json": "통화 정보(JSON)를 읽을 수 없습니다.",
    "double_key": "통화 정보(JSON)에 같은 항목이 두 번 있습니다.",
}
_FIELD_MESSAGES = {
    "missing": "항목이 없습니다",
    "bad_time": "항목은 시간대가 있는 시각이어야 합니다(예: 2026-11-23T14:05:00+09:00)",
    "bad_number": '항목은 전화번호여야 합니다(예: "031-644-1234")',
    "bad_duration": "항목은 초 단위 숫자여야 합니다",
    "bad_leg": "항목의 끝 시각이 시작 시각보다 빠릅니다",
    "literal_error": "항목의 값이 정해진 낱말이 아닙니다",
    "string_too_long": "항목이 너무 깁니다",
}
_TELL = " 장비의 통화 정보 설정을 확인해 주십시오(docs/drop-folder.md)."


def parse_sidecar(data: bytes) -> CallFacts:
    """The facts in the bytes of a sidecar. Raises BadSidecar, and nothing else, on any bytes."""
    try:
        found = parse_object(data, LARGEST_SIDECAR, _DEEPEST)
    except BadJson as error:
        raise BadSidecar(error.code, _JSON_MESSAGES[error.code] + _TELL) from None
    known = CallFacts.model_fields.keys() - {"ignored"}
    ignored = sorted(key[:40] for key in found.keys() - known if key.isprintable())[:20]
    try:
        return CallFacts.model_validate(
            {key: found[key] for key in known & found.keys()} | {"ignored": ignored}
        )
    except ValidationError as error:
        raise _bad_sidecar(error) from None


def refuse_future(facts: CallFacts, now: datetime) -> None:
    """Raise BadSidecar when the call began more than ten minutes after `now` (aware)."""
    if facts.called_at > now + _EARLY:
        raise BadSidecar("future", "통화일시가 미래입니다. 장비의 시계와 시간대를 확인해 주십시오.")


def _bad_sidecar(error: ValidationError) -> BadSidecar:
    first = error.errors(include_input=False, include_url=False)[0]
    name = ".".join(str(part) for part in first["loc"]) or "legs"
    what = _FIELD_MESSAGES.get(first["type"], "항목의 값이 올바르지 않습니다")
    code = "missing" if first["type"] == "missing" else "bad_value"
    return BadSidecar(code, f"통화 정보(JSON)의 {name} {what}.{_TELL}")
