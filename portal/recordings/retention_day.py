"""The day on which a recording dies (제8조①), fixed when it is taken in."""

from __future__ import annotations

from datetime import date, datetime

from portal import clock
from portal.institution import Settings


def delete_on(called_at: datetime, settings: Settings) -> date:
    """The day whose first moment in Seoul is the deletion.

    제8조①: kept for 30 days. The day of the call is not counted, so deletion comes at the midnight
    that ends day 30: `clock.midnight` of the call's day and 31 more. Another institution may count
    other days, or months.
    """
    return settings.retention.deletion_day(clock.seoul(called_at).date())
