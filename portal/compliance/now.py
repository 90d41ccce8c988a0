"""지침 이행 현황: every article in its order, as it stands at this moment."""

from __future__ import annotations

from functools import partial

from portal.compliance import deletion, disclosure, log, people, periods, use
from portal.compliance.check import Check, told_together
from portal.compliance.history import FIGURES
from portal.figures.counted import made_ahead


def checks() -> list[Check]:
    """Their numbers come in one statement of short counts, each on an index or a small table."""
    made = made_ahead(FIGURES)
    return told_together(
        [
            deletion.intake,
            people.scope,
            people.place,
            people.in_charge,
            partial(use.prior_notice, made),
            partial(disclosure.grounds, made),
            disclosure.forms,
            disclosure.receipts,
            partial(disclosure.ledger, made),
            partial(deletion.deletion, made),
            deletion.worker,
            deletion.recorder,
            partial(periods.periods, made),
            use.passwords,
            people.few_people,
            log.monthly_check,
            log.whole_log,
            use.restrictions,
            use.destruction,
            people.former_staff,
        ],
        frozenset(made),
    )
