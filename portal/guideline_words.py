"""What the institution's guideline calls things: names, articles, forms, grounds (settings)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, GetPydanticSchema
from pydantic_core import core_schema

from portal.korean import Word

#: A name on one line, not empty; `f"{name:을/를}"` puts the particle behind it.
Name = Annotated[
    Word,
    GetPydanticSchema(
        lambda _source, _handler: core_schema.no_info_after_validator_function(
            Word, core_schema.str_schema(min_length=1, max_length=100, pattern=r"^\S(.*\S)?$")
        )
    ),
]
#: A sentence or more.
Text = Annotated[str, Field(min_length=1, max_length=2000)]
#: `{recording}` and so on in these sections stand for the names of `[institution]`.
SECTIONS_WITH_NAMES = (
    "institution",
    "forms",
    "grounds",
    "restriction_grounds",
    "notices",
    "third_party",
)
#: Placeholder → key of `[institution]`, in the order in which they may use each other.
NAMES = {
    "institution": "name",
    "head": "head",
    "department": "operating_department",
    "recording": "recording_word",
    "information": "information_word",
    "recorder": "recorder_word",
    "guideline": "guideline",
    "portal": "portal_name",
}


#: 1 consent to 5 court, as settings name them.
GROUND_KEYS = ("consent", "party", "statute", "investigation", "court")


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Institution(Section):
    name: Name
    head: Name
    portal_name: Name
    guideline: Name
    operating_department: Name
    recording_word: Name
    information_word: Name
    recorder_word: Name


class Articles(Section):
    """Where the guideline says it, one key per duty."""

    purpose: Name
    definitions: Name
    party: Name
    information: Name
    scope: Name
    place: Name
    officers: Name
    prior_notice: Name
    disclosure: Name
    grounds: Name
    ground_consent: Name
    ground_party: Name
    ground_statute: Name
    ground_investigation: Name
    ground_court: Name
    application: Name
    decision: Name
    ledger: Name
    keeping: Name
    retention: Name
    safekeeping: Name
    least_access: Name
    no_playback: Name
    restriction: Name
    restriction_leak: Name
    restriction_no_notice: Name
    restriction_misuse: Name
    restriction_other: Name
    recipient: Name
    recipient_no_leak: Name
    recipient_purpose: Name
    destruction: Name
    secrecy: Name

    def ground(self, number: int) -> Word:
        """The item of a ground as the portal numbers it: 1 consent, 2 party … 5 court."""
        return (
            self.ground_consent,
            self.ground_party,
            self.ground_statute,
            self.ground_investigation,
            self.ground_court,
        )[number - 1]

    def restriction_ground(self, number: int) -> Word:
        """The item of a ground of a restriction: 1 leak, 2 no notice, 3 misuse, 4 other."""
        return (
            self.restriction_leak,
            self.restriction_no_notice,
            self.restriction_misuse,
            self.restriction_other,
        )[number - 1]


class Forms(Section):
    """The three forms of the annex."""

    application: Name
    application_title: Name
    application_addressee: Name
    receipt: Name
    receipt_title: Name
    pledge: Text
    disposal: Text
    ledger: Name
    ledger_title: Name


class Grounds(Section):
    """On which grounds recordings are shown or given, in the guideline's words."""

    consent: Name
    party: Name
    statute: Name
    investigation: Name
    court: Name

    def text(self, number: int) -> Word:
        """1 consent, 2 party, 3 statute, 4 investigation, 5 court."""
        return (self.consent, self.party, self.statute, self.investigation, self.court)[number - 1]


class RestrictionGrounds(Section):
    """For what the use of the system is restricted, in the guideline's words."""

    leak: Name
    no_notice: Name
    misuse: Name
    other: Name

    def text(self, number: int) -> Word:
        """1 leak, 2 no notice, 3 misuse, 4 other."""
        return (self.leak, self.no_notice, self.misuse, self.other)[number - 1]


class ThirdParty(Section):
    """The ledger that the law wants of provisions to third parties (개인정보 보호법 제18조†)."""

    title: Name
    form: Name
    file_name: Name
    use: Name
    law_consent: str = Field(max_length=100)
    law_party: str = Field(max_length=100)
    law_statute: str = Field(max_length=100)
    law_investigation: str = Field(max_length=100)
    law_court: str = Field(max_length=100)
    published: tuple[Literal["consent", "party", "statute", "investigation", "court"], ...]
    publish_days: int = Field(ge=1, le=365)
    publish_law: Name
    publish_places: Name
    items: Name
    inspection: Name
    provision: Name
    measures_label: Name
    measures: Text

    def law(self, ground: int) -> str:
        """The law behind a ground, 1 consent to 5 court; empty: not in this ledger."""
        text: str = getattr(self, f"law_{GROUND_KEYS[ground - 1]}")
        return text

    @property
    def grounds(self) -> tuple[int, ...]:
        """The grounds whose disclosures stand in this ledger."""
        return tuple(number for number in range(1, 6) if self.law(number))

    def is_published(self, ground: int) -> bool:
        return GROUND_KEYS[ground - 1] in self.published


def fill_names(values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` with the names of `[institution]` put where a text has `{recording}` and so on.

    Raises ValueError naming the text whose placeholder is unknown or written wrongly.
    """
    filled = dict(values)
    names: dict[str, Word] = {}
    if isinstance(own := values.get("institution"), dict):
        own = dict(own)
        for placeholder, key in NAMES.items():
            own[key] = _put(own.get(key), names, f"institution.{key}")
            names[placeholder] = Word(own[key])
        filled["institution"] = own
    for section in SECTIONS_WITH_NAMES[1:]:
        if isinstance(part := values.get(section), dict):
            filled[section] = {k: _put(v, names, f"{section}.{k}") for k, v in part.items()}
    if isinstance(part := values.get("restriction"), dict):  # {year} and {serial} stay for later
        filled["restriction"] = {k: _replace(v, names) for k, v in part.items()}
    return filled


def _replace(text: Any, names: Mapping[str, Word]) -> Any:
    if isinstance(text, str):
        for name, word in names.items():
            text = text.replace(f"{{{name}}}", word)
    return text


def _put(text: Any, names: Mapping[str, Word], where: str) -> Any:
    if not isinstance(text, str):
        return text
    try:
        return text.format(**names)
    except (KeyError, IndexError, AttributeError, ValueError) as error:
        known = ", ".join(f"{{{name}}}" for name in names)
        raise ValueError(f"{where}: {text!r}에 쓸 수 있는 것은 {known}입니다 ({error})") from error
