"""현황판: one page; the period stands in the address."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from portal.access import Permission, requires
from portal.applications.states import State
from portal.dashboard import cases, recordings
from portal.dashboard.chart import FILLS, bars
from portal.dashboard.period import LENGTHS, Period
from portal.web.htmx import render

bp = Blueprint("dashboard", __name__)


@bp.get("/dashboard")
@requires(Permission.SEE_DASHBOARD)
def page() -> ResponseReturnValue:
    period = Period.of(request.args)
    months = cases.by_month_and_state(period)
    took, took_all = cases.days_to_decision(period)
    living = recordings.living()
    return render(
        "dashboard/page.html",
        "dashboard/_page.html",
        period=period,
        lengths=LENGTHS,
        months=months,
        states=[state for state in State if any(state in month for month in months)],
        outcomes=list(zip(cases.OUTCOMES, FILLS, strict=True)),
        took=took,
        took_all=took_all,
        departments=cases.by_department_and_ground(period),
        grounds=[f"근거 {ground}" for ground in cases.GROUNDS],
        ahead=living.ahead,
        stored=living,
        sources=recordings.sources(),
        months_chart=bars(
            period.titles,
            [
                [sum(month[state] for state in states) for month in months]
                for states in cases.OUTCOMES.values()
            ],
        ),
        took_chart=bars(period.titles, [[days.median or 0 for days in took]]),
        ahead_chart=bars(
            cases.day_names([day for day, _ in living.ahead]), [[n for _, n in living.ahead]]
        ),
    )
