"""지침 이행 현황: every article in its order, as it stands at this moment."""

from __future__ import annotations

from portal.compliance import deletion, disclosure, log, people, periods, use
from portal.compliance.check import Check, told_together
from portal.figures.counted import made_ahead


def checks() -> list[Check]:
    """Their numbers come in one statement of short counts, each on an index or a small table."""
    _kept = made_ahead()
    return told_together(
        [
            deletion.intake,
            people.scope,
            people.place,
            people.in_charge,
            use.prior_notice,
            disclosure.grounds,
            disclosure.forms,
            disclosure.receipts,
            disclosure.ledger,
            deletion.deletion,
            deletion.worker,
            deletion.recorder,
            periods.periods,
            use.passwords,
            people.few_people,
            log.monthly_check,
            log.whole_log,
            use.restrictions,
            use.destruction,
            people.former_staff,
        ]
    )
