"""The institution's settings: what another city changes without touching code.

Defaults are Icheon's (`icheon.toml`); a file named in PORTAL_SETTINGS overrides single values.
"""

from __future__ import annotations

import hashlib
import tomllib
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from portal.announced import PriorNoticeSettings
from portal.guideline_words import (
    Articles,
    Forms,
    Grounds,
    Institution,
    Name,
    RestrictionGrounds,
    Section,
    ThirdParty,
    fill_names,
)
from portal.number_format import checked_format
from portal.retention_period import Retention

_DEFAULTS = Path(__file__).with_name("icheon.toml")


class SettingsError(Exception):
    """The settings file cannot be used; the message says which value and why."""


class OrganisationSettings(Section):
    kinds: tuple[str, ...] = Field(min_length=1)


class Titles(Section):
    employee: Name
    counter: Name
    custodian: Name
    team_leader: Name
    division_head: Name
    auditor: Name


class ApplicationSettings(Section):
    due_days: int = Field(ge=1, le=90)
    control_no: str
    draft_days: int = Field(ge=1)
    days_without_number: int = Field(ge=1, le=31)
    evidence_megabytes: int = Field(ge=1, le=100)

    @field_validator("control_no")
    @classmethod
    def _counts(cls, value: str) -> str:
        return checked_format(value, 30)


class ApprovalStepSettings(Section):
    role: Literal["custodian", "team_leader", "division_head"]
    title: Name


class ApprovalSettings(Section):
    #: Of several acting persons the one whose 직급 comes first here; then who was named first.
    acting_order: tuple[str, ...] = ()
    steps: tuple[ApprovalStepSettings, ...] = Field(min_length=1, max_length=3)


class InspectionSettings(Section):
    window_days: int = Field(ge=1)
    session_minutes: int = Field(ge=1)
    idle_minutes: int = Field(ge=1)


class ProvisionSettings(Section):
    resume_minutes: int = Field(ge=1, le=120)
    destruction_days: int = Field(ge=1, le=3650)


class PaperSettings(Section):
    #: Printed under the 시행 line of a letter; nothing where empty.
    letter_foot: str = Field(max_length=150, pattern=r"^(\S(.*\S)?)?$")
    portal_address: str = Field(pattern=r"^(https?://[^\s?#]+)?$")
    kept_days: int = Field(ge=1, le=365)


class RestrictionSettings(Section):
    notice_no: str = Field(min_length=1)
    sender: Name

    @field_validator("notice_no")
    @classmethod
    def _counts(cls, value: str) -> str:
        return checked_format(value, 50)


class NoticesSettings(Section):
    #: How to object, told with a 거절 and a 해당 녹취 없음.
    objection: str = Field(min_length=1)


class IntakeSettings(Section):
    sound_waits_minutes: int = Field(ge=1)


class MailSettings(Section):
    host: str
    port: int = Field(ge=1, le=65535)
    starttls: bool
    sender: str = Field(pattern=r"^([^@\s]+@[^@\s]+)?$")
    username: str

    @model_validator(mode="after")
    def _sender_is_named(self) -> MailSettings:
        if self.host and not self.sender:
            raise ValueError("host가 있으면 sender도 적어야 합니다")
        return self


class ReminderSettings(Section):
    days_before: tuple[Annotated[int, Field(ge=1, le=30)], ...] = Field(min_length=1, max_length=5)
    at: time
    stands_still_minutes: int = Field(ge=5)
    disk_free_megabytes: int = Field(ge=100)
    again_days: int = Field(ge=1, le=90)


class LoginSettings(Section):
    idle_minutes: int = Field(ge=1)
    absolute_hours: int = Field(ge=1)
    failures_before_lock: int = Field(ge=1)
    lock_minutes: int = Field(ge=1)
    password_length: int = Field(ge=8)


class LogSettings(Section):
    keep_days: int = Field(ge=365)
    day_begins: int = Field(ge=0, le=23)
    day_ends: int = Field(ge=1, le=24)
    many_factor: float = Field(gt=1)
    many_at_least: int = Field(ge=1)
    repeated: int = Field(ge=2)
    sign_within_days: int = Field(ge=1, le=28)

    @model_validator(mode="after")
    def _day_has_hours(self) -> LogSettings:
        if self.day_begins >= self.day_ends:
            raise ValueError("day_begins는 day_ends보다 앞이어야 합니다")
        return self


class KeepSettings(Section):
    notices_days: int = Field(ge=30)
    logins_days: int = Field(ge=365)
    jobs_days: int = Field(ge=7)
    records_years: int = Field(ge=1, le=100)


class ComplianceSettings(Section):
    silent_hours: int = Field(ge=1)
    custodians_at_most: int = Field(ge=1)
    recorder_check_days: int = Field(ge=1)


class OtpSettings(Section):
    failures_before_lock: int = Field(ge=1)
    lock_minutes: int = Field(ge=1)
    recovery_codes: int = Field(ge=1, le=20)


class Settings(Section):
    """All settings of one institution, checked."""

    institution: Institution
    articles: Articles
    forms: Forms
    grounds: Grounds
    restriction_grounds: RestrictionGrounds
    organisation: OrganisationSettings
    titles: Titles
    retention: Retention
    application: ApplicationSettings
    approval: ApprovalSettings
    inspection: InspectionSettings
    papers: PaperSettings
    provision: ProvisionSettings
    third_party: ThirdParty
    restriction: RestrictionSettings
    notices: NoticesSettings
    prior_notice: PriorNoticeSettings
    intake: IntakeSettings
    mail: MailSettings
    reminders: ReminderSettings
    login: LoginSettings
    otp: OtpSettings
    log: LogSettings
    keep: KeepSettings
    compliance: ComplianceSettings

    def digest(self) -> str:
        """SHA-256 of the values in force, for the log at start."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


def load_settings(path: Path | None = None) -> Settings:
    """Icheon's values with those of `path` laid over them.

    Raises `SettingsError` where the file is missing, is not TOML, or a value does not fit.
    """
    values = tomllib.loads(_DEFAULTS.read_text("utf-8"))
    if path is not None:
        values = _overlay(values, _read(path))
    try:
        values = fill_names(values)
    except ValueError as error:
        raise SettingsError(f"설정 파일의 값을 고치세요 ({path}): {error}") from error
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise SettingsError(f"설정 파일의 값을 고치세요 ({path}): " + "; ".join(lines)) from error


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise SettingsError(f"PORTAL_SETTINGS 파일이 없습니다: {path}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"PORTAL_SETTINGS 파일이 TOML이 아닙니다 ({path}): {error}") from error


def _overlay(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(base.get(key), dict)
        merged[key] = _overlay(base[key], value) if both else value
    return merged
