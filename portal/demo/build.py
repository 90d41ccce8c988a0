"""Builds the demo: town, calls and story, through the same verbs as everybody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pyotp

from portal import audit, clock
from portal.accounts.models import Account
from portal.demo import office
from portal.demo.calls import CALLS, drop, drop_what_cannot_be_taken_in, take_in
from portal.demo.restriction import Restriction
from portal.demo.story import Story
from portal.demo.town import found_town
from portal.otp.enrol import begin, confirm
from portal.playback.close import close_finished
from portal.retention import purge


def build() -> None:
    """Everything in the order in which it would have happened, each thing at its time."""
    token = audit.origin.set("demo")
    try:
        _build(clock.now())
    finally:
        audit.origin.reset(token)


def _build(present: datetime) -> None:
    start = min(call.called_at(present) for call in CALLS) - timedelta(days=1)
    with clock.at(start):
        staff = found_town()
        for account in staff.values():
            _enrol(account)
    acts = _arrivals(present) + Story(staff).plan() + _days_going_by()
    acts += office.acts(staff, present)
    acts += Restriction(staff, present).plan()
    for moment, act in sorted(acts, key=lambda pair: pair[0]):
        with clock.at(moment):
            act()
    purge.run()
    close_finished()


def _enrol(account: Account) -> None:
    secret = begin(account)
    confirm(account, pyotp.TOTP(secret).at(clock.now()))


def _arrivals(present: datetime) -> list[tuple[datetime, Callable[[], None]]]:
    """Each call arrives half a minute after its end."""

    def arrive(seed: int, called_at: datetime) -> None:
        drop(CALLS[seed], called_at, seed)
        take_in()

    acts: list[tuple[datetime, Callable[[], None]]] = []
    for seed, call in enumerate(CALLS):
        called_at = call.called_at(present)
        arrived_at = called_at + timedelta(seconds=call.seconds + 30)
        acts.append((arrived_at, partial(arrive, seed, called_at)))
    acts.append((present - timedelta(minutes=10), _arrive_broken))
    return acts


def _arrive_broken() -> None:
    drop_what_cannot_be_taken_in()
    take_in()


def _days_going_by() -> list[tuple[datetime, Callable[[], None]]]:
    """The nightly deletion of the days since the first call."""

    def night() -> None:
        purge.run()
        close_finished()

    oldest = max(call.days_ago for call in CALLS)
    return [(clock.midnight(clock.today() - timedelta(days=n)), night) for n in range(oldest)]
