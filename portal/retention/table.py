"""보관 기간표: everything that is kept, how long, on which ground, and which job ends it.

`docs/retention.md` prints it; `tests/retention/test_table.py` holds table, worker, settings, docs
and tests together: a row cannot name a job that does not run, and no job destroys unnamed.
"""

# ruff: noqa: E501  (a table)

from __future__ import annotations

from dataclasses import dataclass

_SAFETY = "「개인정보의 안전성 확보조치 기준」"
_RECORDS = "「공공기록물 관리에 관한 법률」 제19조, 제27조"
_NO_LONGER = "「개인정보 보호법」 제21조"


@dataclass(frozen=True)
class Kept:
    """`setting`: the key and its unit, "retention.days 일", or words where nothing is counted.

    `task`: the worker's task that ends it, "" where nothing ends by itself; then `how` says why.
    """

    what: str
    setting: str
    ground: str
    task: str
    how: str
    test: str


TABLE: tuple[Kept, ...] = (
    Kept(
        "녹취정보와 반입 보류 파일", "retention.days 일 (`retention.months`를 정하면 그 달수)", "지침 제8조제1항", "retention",
        "삭제일의 열쇠, 파일, 행의 순서로 파기하고 건수와 해시만 남김",
        "tests/retention/test_purge.py::test_a_day_goes_whole_at_its_midnight_in_seoul_and_not_a_second_before",
    ),
    Kept(
        "제공 파일", "그 녹취정보와 함께", "지침 제8조제1항", "retention",
        "녹취정보와 같은 열쇠로 잠겨 같은 자정에 읽을 수 없게 됨",
        "tests/packages/test_deletion.py::test_the_purge_takes_file_and_row_with_the_day",
    ),
    Kept(
        "작성중 신청", "application.draft_days 일", _NO_LONGER, "drafts",
        "행과 첨부 파일을 지움. 회수한 신청은 취하로 끝냄",
        "tests/applications/test_acts.py::test_an_old_draft_goes_with_its_files_and_leaves_a_line_in_the_log",
    ),
    Kept(
        "신분증", "저장하지 않음", _NO_LONGER, "",
        "사본을 받지 않음. 확인한 종류, 사람, 때만 신청에 남김",
        "tests/retention/test_table.py::test_no_copy_of_an_identity_paper_has_a_place",
    ),
    Kept(
        "내 문서(인쇄·엑셀 파일)", "papers.kept_days 일", _NO_LONGER, "prints",
        "파일과 행을 지움. 발급 문서로 남는 것은 제외",
        "tests/prints/test_prints.py::test_what_expired_is_gone_and_an_issued_print_is_kept",
    ),
    Kept(
        "알림과 보낸 메일", "keep.notices_days 일", _NO_LONGER, "old_notices",
        "읽었는지와 관계없이 지움",
        "tests/retention/test_old_rows.py::test_old_notices_go_with_their_mails_and_young_ones_stay",
    ),
    Kept(
        "로그인 이력", "keep.logins_days 일", f"{_SAFETY} 제8조", "old_logins",
        "청취하거나 제공받은 접속은 그 기록과 함께 남음",
        "tests/retention/test_old_rows.py::test_old_logins_go_but_not_the_one_in_which_somebody_listened",
    ),
    Kept(
        "끝난 작업의 행", "keep.jobs_days 일", _NO_LONGER, "old_jobs",
        "제공 파일을 만든 작업은 그 기록과 함께 남음",
        "tests/retention/test_old_rows.py::test_work_that_is_done_goes_and_recurring_tasks_stay",
    ),
    Kept(
        "같은 조회를 한 번으로 세는 표시", "10분", "접속기록", "sessions",
        "센 뒤에 지움", "tests/jobs/test_worker.py::test_sessions_that_ran_out_are_marked_and_forgotten_looks_go",
    ),
    Kept(
        "조회하며 입력한 낱말",
        "login.absolute_hours 시간",
        _NO_LONGER,
        "typed_searches",
        "암호화하여 두고 로그인이 끝날 시간에 지움",
        "tests/finding/test_find.py::test_words_are_forgotten_with_the_longest_login",
    ),
    Kept(
        "현황판의 센 수 (`counted_figure`)", "다음에 셀 때까지", "개인정보 없음", "",
        "사람과 관계없는 건수뿐이며 한 시간마다 같은 자리에 새로 적음",
        "tests/figures/test_counted.py::test_counting_ahead_replaces_what_stood",
    ),
    Kept(
        "접속기록", "log.keep_days 일", f"{_SAFETY} 제8조", "audit",
        "서명한 점까지 정리하고 그 점부터 검증",
        "tests/audit/test_prune.py::test_what_is_older_than_two_years_goes_and_the_rest_still_verifies",
    ),
    Kept(
        "계정과 권한 이력", "끝없이 (3년 이상)", f"{_SAFETY} 제5조, 지침 제11조", "",
        "계정은 닫고 지우지 않음. 비밀유지 의무가 이어짐",
        "tests/accounts/test_changes.py::test_closing_declines_what_waits_and_keeps_the_history",
    ),
    Kept(
        "신청, 전화 안내, 증명서류, 서명, 발급 문서", "keep.records_years 년", _RECORDS, "",
        "보존기간이 끝난 것을 해마다 셈 (portal retention records). 폐기는 기록관의 심사와 심의 뒤에만 하며 포털이 스스로 지우지 않음",
        "tests/retention/test_table.py::test_records_outlive_every_job",
    ),
    Kept(
        "관리대장과 찾는 번호 (`ledger_number`), 파기 기록, 월 점검", "기록물 보존기간", _RECORDS, "",
        "데이터베이스가 변경과 삭제를 거부함",
        "tests/ledger/test_write_row.py::test_the_database_itself_refuses_to_change_the_ledger",
    ),
)  # fmt: skip


def as_markdown() -> str:
    """The table as `docs/retention.md` shows it."""
    lines = ["| 무엇 | 얼마나 | 근거 | 작업 | 어떻게 | 시험 |", "|---|---|---|---|---|---|"]
    for row in TABLE:
        key, _, unit = row.setting.partition(" ")
        long = f"`{key}` {unit}" if "." in key else row.setting
        task = f"`{row.task}`" if row.task else "-"
        lines.append(f"| {row.what} | {long} | {row.ground} | {task} | {row.how} | `{row.test}` |")
    return "\n".join(lines)
