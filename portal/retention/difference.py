"""What `reconcile` can find, in words an official understands."""

from __future__ import annotations

from dataclasses import dataclass

from portal.words import worded

MEANINGS = {
    "recording_without_file": "보관 중인 {information}인데 파일이 없음",
    "recording_without_key": "보관 중인 {information}인데 그 삭제일의 열쇠가 없음",
    "quarantine_without_file": "반입 보류 중인데 파일이 없음",
    "package_without_file": "내려받을 제공 파일이 없음",
    "package_not_ended": "보관기간이 지났는데 제공 파일이 끝나지 않음",
    "file_without_row": "데이터베이스에 없는 {information} 파일",
    "row_not_destroyed": "보관기간이 지났는데 파기되지 않음",
    "numbers_not_removed": "파기된 {information}에 전화번호가 남음",
    "key_not_destroyed": "보관기간이 지난 날의 열쇠가 남음",
    "files_not_removed": "보관기간이 지난 날의 파일이 남음",
    "record_without_row": "데이터베이스에 없는 보관 문서 파일",
    "row_without_record": "보관 문서의 파일이 없음",
    "key_replica_behind": "열쇠 사본이 연결되지 않았거나 원본과 맞지 않음",
    "left_in_drop": "반입 폴더에 하루 넘게 남아 있는 파일 (평문일 수 있음)",
    "stale_temporary": "끝나지 않은 저장의 임시 파일",
}


@dataclass(frozen=True)
class Difference:
    """One thing in which database, keys and disk do not agree; `id` is opaque or a date."""

    kind: str
    id: str
    repaired: bool = False

    @property
    def meaning(self) -> str:
        return worded(MEANINGS[self.kind])
