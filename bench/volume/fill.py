"""Make an installation of a made-up larger city.

At 1.0: 1,000,000 recordings in 30 days, 120,500 applications over ten years with 100,000 rows of
the ledger, 5,000,000 events of the log, 3,000 people. A smaller number makes less of everything
but the people. No sound is written: what touches files makes its own.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask
from volume.applications import put_applications
from volume.calls import put_calls
from volume.log import put_log
from volume.sink import filling
from volume.town import put_town

from portal import create_app, schema
from portal.config import Config, from_environment
from portal.database import changing
from portal.extensions import db
from portal.figures.worker import count_figures
from portal.migrations.steps import r0002_numbers
from portal.runtime import settings
from portal.vault.master import MasterKey


@dataclass(frozen=True)
class Volume:
    """How much of everything."""

    people: int = 3_000
    recordings: int = 1_000_000
    applications: int = 120_500
    open_ones: int = 500
    events: int = 5_000_000

    def of(self, share: float) -> Volume:
        """A share of it; the people stay, and a page of open applications always is there."""
        return Volume(
            people=self.people,
            recordings=int(self.recordings * share),
            applications=int(self.applications * share),
            open_ones=max(int(self.open_ones * share), 60),
            events=int(self.events * share),
        )


def make(folder: Path, database_url: str | None, volume: Volume, seed: int = 1) -> Flask:
    """A filled installation in an empty folder."""
    config: Config = from_environment({"PORTAL_DATA": str(folder)})
    if database_url:
        config = replace(config, database_url=database_url)
    config.drop.mkdir(parents=True)
    config.master_key_file.parent.mkdir(parents=True)
    MasterKey.create(config.master_key_file)
    app, dice = create_app(config), random.Random(seed)
    with app.app_context():
        schema.upgrade()
        db.engine.dispose()  # the file is filled without a journal, by one connection
        kept = settings().retention.days
        with filling(config.database_url) as sink:
            town = put_town(sink, volume.people, settings(), dice)
            put_calls(sink, town, volume.recordings, kept, dice)
            cases = put_applications(
                sink, town, volume.applications, volume.open_ones, volume.recordings, dice
            )
            put_log(sink, town, cases.public_ids, volume.events, dice)
        with changing().begin() as connection:
            r0002_numbers.upgrade(connection)
        _settle()
        count_figures()
    return app


def _settle() -> None:
    """What a database has done by itself the morning after so many rows came."""
    with changing().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        postgresql = connection.dialect.name == "postgresql"
        connection.exec_driver_sql("VACUUM ANALYZE" if postgresql else "ANALYZE")
