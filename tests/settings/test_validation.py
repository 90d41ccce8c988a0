"""A settings file that cannot be used is named at start, with the key and what is wrong."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from portal.institution import SettingsError, load_settings

STEP = '[[approval.steps]]\nrole = "team_leader"\ntitle = "팀장"\n'


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[retention]\ndays = 'thirty'", "retention.days"),
        ("[retention]\ndays = 0", "retention.days"),
        ("[retention]\ndays = 30.5", "retention.days"),
        ("[retention]\nmonths = -1", "retention.months"),
        ("[retention]\nweeks = 4", "retention.weeks"),
        ("[retain]\ndays = 30", "retain"),
        ("retention = 30", "retention"),
        ("[institution]\nname = ''", "institution.name"),
        ("[institution]\nname = '두\\n줄'\nhead = 7", "institution.head"),
        ("[institution]\nhead = '''두\n줄'''", "institution.head"),
        ("[institution]\nhead = '{mayor}'", "institution.head"),
        ("[institution]\nhead = '{guideline}'", "institution.head"),
        ("[forms]\npledge = '{information:를/을}'", "forms.pledge"),
        ("[forms]\npledge = '{information'", "forms.pledge"),
        ("[forms]\ntitle = '신청서'", "forms.title"),
        ("[articles]\nretention = ''", "articles.retention"),
        ("[articles]\ncoffee = '제1조'", "articles.coffee"),
        ("[approval]\nsteps = []", "approval.steps"),
        (STEP * 4, "approval.steps"),
        (STEP.replace("team_leader", "mayor"), "approval.steps.0.role"),
        (STEP.replace("team_leader", "auditor"), "approval.steps.0.role"),
        (STEP.replace("팀장", ""), "approval.steps.0.title"),
        ("[application]\ncontrol_no = '{year}'", "application.control_no"),
        ("[application]\ncontrol_no = '{serial:04d}'", "application.control_no"),
        ("[application]\ncontrol_no = '{year}-{number}'", "application.control_no"),
        ("[application]\ncontrol_no = '{year}-{serial'", "application.control_no"),
        ("[application]\ncontrol_no = '{year}-{serial:x>40}'", "application.control_no"),
        ("[restriction]\nnotice_no = '제한-{year}'", "restriction.notice_no"),
        ("[restriction]\nnotice_no = '{mayor}-{year}-{serial}'", "restriction.notice_no"),
        ("[inspection]\nwindow_days = 0", "inspection.window_days"),
        ("[log]\nday_begins = 20\nday_ends = 7", "log"),
        ("[reminders]\nat = 'morning'", "reminders.at"),
        ("[organisation]\nkinds = []", "organisation.kinds"),
        ("[mail]\nhost = 'mail.city.example'", "mail"),
    ],
)
def test_a_value_that_does_not_fit_is_named(tmp_path: Path, text: str, named: str) -> None:
    file = tmp_path / "city.toml"
    file.write_text(text, "utf-8")

    with pytest.raises(SettingsError) as refused:
        load_settings(file)

    assert named in str(refused.value)
    assert str(file) in str(refused.value)


def test_a_file_that_is_missing_or_no_toml_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_bytes(b"[retention\n\xff")
    for file in (tmp_path / "missing.toml", broken):
        with pytest.raises(SettingsError, match=str(file)):
            load_settings(file)


def test_one_word_changes_all_that_is_made_of_it(tmp_path: Path) -> None:
    file = tmp_path / "city.toml"
    file.write_text('[institution]\nname = "솔내군"\nrecording_word = "녹음"\n', "utf-8")

    rules = load_settings(file)

    assert rules.institution.head == "솔내군장"
    assert rules.institution.guideline == "솔내군 행정전화 녹음시스템 운영 지침"
    assert rules.forms.disposal.startswith("본 녹음정보는")
    assert "이천" not in rules.model_dump_json() and "녹취" not in rules.model_dump_json()
    assert f"{rules.institution.recording_word:을/를}" == "녹음을"


@pytest.mark.parametrize(
    ("months", "called", "deleted"),
    [
        (0, "2026-11-24", "2026-12-25"),
        (1, "2026-11-24", "2026-12-25"),
        (1, "2026-01-27", "2026-02-28"),
        (1, "2026-01-28", "2026-03-01"),  # 29 January counted on: February has no such day
        (1, "2028-01-28", "2028-02-29"),
        (1, "2026-01-31", "2026-03-01"),
        (2, "2026-11-30", "2027-02-01"),
        (12, "2027-02-28", "2028-03-01"),
    ],
)
def test_days_or_months_are_counted_from_the_day_after_the_call(
    tmp_path: Path, months: int, called: str, deleted: str
) -> None:
    file = tmp_path / "city.toml"
    file.write_text(f"[retention]\nmonths = {months}\n", "utf-8")
    rule = load_settings(file).retention

    assert rule.deletion_day(date.fromisoformat(called)) == date.fromisoformat(deleted)
    assert rule.length == (f"{months}개월" if months else "30일")


@pytest.mark.parametrize("months", [0, 1, 2, 7])
def test_the_oldest_day_kept_is_the_first_whose_deletion_is_to_come(
    tmp_path: Path, months: int
) -> None:
    file = tmp_path / "city.toml"
    file.write_text(f"[retention]\nmonths = {months}\n", "utf-8")
    rule, day = load_settings(file).retention, timedelta(days=1)

    for offset in range(800):
        today = date(2027, 1, 1) + offset * day
        oldest = rule.oldest_day(today)
        assert rule.deletion_day(oldest) > today >= rule.deletion_day(oldest - day)
        assert rule.deletion_day(today) <= rule.deletion_day(today + day)  # never out of order
