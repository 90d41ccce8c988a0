"""Ways beside the main road: a 보완요구, a 취하, a search without result, a 공문."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal import clock
from portal.accounts.models import Account
from portal.applications.evidence import take
from portal.applications.models import Application
from portal.applications.not_found import close_as_not_found
from portal.applications.register_official import OfficialEntry, register_official
from portal.applications.search import search
from portal.applications.supplement import request_supplement, usual_day
from portal.applications.take_back import withdraw
from portal.database import write
from portal.demo import papers
from portal.demo.calls import BY_KEY
from portal.words import worded


def ask_for_more(row: Application, custodian: Account) -> None:
    text = "가입사실확인서의 발급일이 3개월을 넘었습니다. 최근에 발급받은 서류를 내 주십시오."
    with write():
        request_supplement(row, by=custodian, text=text, until=usual_day(row))


def give_up(row: Application, _custodian: Account) -> None:
    with write():
        withdraw(row, by=row.entered_by, text="통화 상대방과 원만히 해결되었습니다.")


def find_nothing(row: Application, custodian: Account) -> None:
    with write():
        search(row, by=custodian)
    text = worded("적어 주신 번호와 시각의 앞뒤 하루를 찾았으나 {recording}된 통화가 없습니다.")
    with write():
        close_as_not_found(row, by=custodian, text=text)


def register(custodian: Account, present: datetime) -> None:
    """A 공문 of the police about a call of some days ago."""
    call = BY_KEY["official"]
    began = call.called_at(present)
    scan = take(
        papers.certificate("수사 협조 요청", ["문서번호  수사과-1187"]), "공문.png", paper="공문"
    )
    entry = OfficialEntry(
        ground=4,
        agency="이천경찰서",
        doc_no="수사과-1187",
        doc_on=clock.today(),
        legal_basis="형사소송법 제199조제2항",
        department="수사과",
        rank="경위",
        name="나은결",
        contact="0316330112",
        caller_number=call.outside,
        callee_number=call.extension,
        asked_from=began - timedelta(minutes=10),
        asked_until=began + timedelta(minutes=20),
        purpose="수사 자료",
        reason="공무집행방해 사건의 사실관계 확인에 필요합니다.",
    )
    with write():
        register_official(entry, [scan], by=custodian)
