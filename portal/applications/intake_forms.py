"""What a custodian types: the filter of the inbox, the search for calls, the word before 결재."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from wtforms import BooleanField, DateTimeLocalField, StringField
from wtforms.validators import InputRequired, Length, Optional

from portal import clock
from portal.applications.inbox import InboxFilter, Tab
from portal.applications.models import Application
from portal.applications.search import usual_window
from portal.applications.states import State
from portal.web.forms import PortalForm

_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


def inbox_filter(given: Mapping[str, str]) -> InboxFilter:
    """From the address of the page; words that are no tab, state or day ask for nothing."""
    tab, state = given.get("tab", ""), given.get("state", "")
    return InboxFilter(
        tab=Tab(tab) if tab in set(Tab) else Tab.WAITING,
        since=_day(given.get("since")),
        until=_day(given.get("until")),
        state=State(state) if state in set(State) else None,
        text=given.get("q", ""),
    )


class _Moment(DateTimeLocalField):  # type: ignore[misc]
    """Seoul's wall clock on the page."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError("날짜와 시각을 확인해 주십시오. 예: 2026-11-23 14:05") from error

    @property
    def moment(self) -> datetime | None:
        typed: datetime | None = self.data
        return typed.replace(tzinfo=clock.SEOUL) if typed else None


class SearchForm(PortalForm):
    """Posted, though it changes nothing: the number that is typed must stand in no address."""

    number = StringField(
        "전화번호",
        [Length(max=30, message="번호는 30자까지 적을 수 있습니다.")],
        render_kw={"inputmode": "tel", "autocomplete": "off", "maxlength": 30},
    )
    since = _Moment("통화 시작", [Optional()], format=_FORMATS)
    until = _Moment("통화 끝", [Optional()], format=_FORMATS)

    @classmethod
    def about(cls, application: Application) -> SearchForm:
        """As the page begins with it: the time that the application names."""
        usual = usual_window(application)
        return cls(
            formdata=None,
            since=_wall_clock(usual.start) if usual else None,
            until=_wall_clock(usual.end) if usual else None,
        )

    def refuse(self, name: str, message: str) -> None:
        self[name].errors = [*self[name].errors, message]


class ForwardForm(PortalForm):
    checked = BooleanField(
        "증명서류와 신분, 통화 당사자임을 확인했습니다.",
        [InputRequired("증명서류와 당사자를 확인한 뒤 이 칸에 표시해 주십시오.")],
    )


def _wall_clock(moment: datetime) -> datetime:
    return clock.seoul(moment).replace(tzinfo=None)


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2999 else None
