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
    counted = cases.cases_of(period)
    living = recordings.living()
    return render(
        "dashboard/page.html",
        "dashboard/_page.html",
        period=period,
        lengths=LENGTHS,
        counted=counted,
        states=[state for state in State if any(state in month for month in counted.months)],
        outcomes=list(zip(cases.OUTCOMES, FILLS, strict=True)),
        grounds=[f"근거 {ground}" for ground in cases.GROUNDS],
        ahead=living.ahead,
        stored=living,
        sources=recordings.sources(),
        months_chart=bars(
            period.titles,
            [
                [sum(month[state] for state in states) for month in counted.months]
                for states in cases.OUTCOMES.values()
            ],
        ),
        took_chart=bars(period.titles, [[days.median or 0 for days in counted.took]]),
        ahead_chart=bars(
            cases.day_names([day for day, _ in living.ahead]), [[n for _, n in living.ahead]]
        ),
    )
