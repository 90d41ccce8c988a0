"""Several people at the same moment, each in a thread with its own database session."""

from __future__ import annotations

import threading
from collections.abc import Callable

from flask import Flask

from portal.extensions import db


def at_once(app: Flask, *acts: Callable[[], str]) -> list[str]:
    """What each act returned, or the name of what it raised; all begin together."""
    db.session.rollback()
    barrier, outcomes = threading.Barrier(len(acts)), list[str]()

    def run(act: Callable[[], str]) -> None:
        with app.app_context():
            barrier.wait(30)
            try:
                outcomes.append(act())
            except Exception as error:
                outcomes.append(type(error).__name__)

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    return outcomes
