"""What is killed: an installation made ready, the command that works on it, what must be true."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import flask_migrate
from sqlalchemy import func, select, update

import factories
from bench.crash import (
    order,
)
from bench.crash.trace import Call
from handover.conftest import approved
from migrations import filled
from packages.provision import provided
from portal import audit, clock, create_app, schema
from portal.accounts import passwords
from portal.accounts.models import Account
from portal.applications.models import Application, Transition
from portal.applications.states import State
from portal.audit.models import AuditEvent
from portal.audit.verify import verify
from portal.config import Config
from portal.database import changing, write
from portal.documents.models import IssuedDocument
from portal.extensions import db
from portal.jobs.models import Job
from portal.keys.change_columns import places
from portal.ledger.models import LedgerRow
from portal.packages.ask import ask
from portal.packages.gate import current_package
from portal.packages.models import Package
from portal.recordings.models import QuarantineItem, Recording
from portal.retention.models import Tombstone
from portal.retention.reconcile import reconcile
from portal.roles import Role
from portal.runtime import vault
from portal.vault.durable import remove_old_temporaries
from portal.vault.master import MasterKey
from recordings import dropping
from retention import days

QUARANTINED = frozenset({0, 1})
GOOD, PAST, KEPT, APPLICATIONS = 4, 12, 4, 2
Problems = Iterator[str]


@dataclass(frozen=True)
class Scene:
    """`holds` looks at the installation at the end, `order` at the calls of a whole run."""

    name: str
    command: list[str]
    prepare: Callable[[Config], None]
    holds: Callable[[Config], Problems]
    order: Callable[[list[Call], Config], Problems]
    #: What passes before the work is done again: the lease of a job whose worker was killed.
    time_passes: Callable[[Config], None] = lambda _config: None
    #: What the command may end with: 1 tells that something went to quarantine.
    codes: frozenset[int] = frozenset({0})


def config_of(folder: Path) -> Config:
    return Config(folder, f"sqlite:///{folder / 'portal.db'}", folder / "keys/master.key")


@contextmanager
def opened(config: Config) -> Iterator[None]:
    with create_app(config).app_context():
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


def make(scene: Scene, folder: Path) -> Config:
    """A new installation, ready for the scene."""
    passwords._hasher = factories.CHEAP
    config = config_of(folder)
    (folder / "keys").mkdir(parents=True)
    (folder / "drop").mkdir()
    MasterKey.create(config.master_key_file)
    with opened(config):
        if scene.name != "upgrade":
            schema.upgrade()
            audit.record_alone("test.happened", by=None)  # in use: its log knows its key
        scene.prepare(config)
    return config


def always(config: Config) -> Problems:
    """What must hold after any kill once the work was done again."""
    with opened(config):
        verdict = verify()
        if not verdict.sound:
            yield f"log: {verdict.first_bad} {verdict.problem}"
        reconcile(0, repair=True)  # files without rows are what a kill may leave
        for rest in config.data.rglob("*.tmp"):
            os.utime(rest, (0, 0))  # as old as the next deletion finds it, which takes it away
        vault().day_keys.finish_destructions()
        remove_old_temporaries(config.data, 1.0)
        yield from (f"reconcile: {found.kind} {found.id}" for found in reconcile(0))
        for kind in (".tmp", ".wav"):
            yield from (f"left: {path.name}" for path in config.data.rglob(f"*{kind}"))


def _drop(config: Config) -> None:
    for number in range(1, GOOD + 1):
        dropping.drop_call(number)
    dropping.drop("bad", dropping.sound(9), b"{")
    dropping.drop_call(7, called_at=clock.now() - timedelta(days=40))
    past = time.time() - 3600
    for path in config.drop.iterdir():
        os.utime(path, (past, past))


def _taken_in(config: Config) -> Problems:
    with opened(config):
        rows = db.session.scalars(select(Recording)).all()
        sounds = Counter(dropping.kept_bytes(row) for row in rows)
        if sounds != Counter(dropping.sound(number) for number in range(1, GOOD + 1)):
            yield f"{len(rows)} recordings, {sum(n > 1 for n in sounds.values())} doubled"
        if db.session.scalar(select(func.count()).select_from(QuarantineItem)) != 1:
            yield "not exactly one quarantined"
        if db.session.scalar(select(func.count()).select_from(Tombstone)) != 1:
            yield "not exactly one tombstone of the late call"
    yield from (f"left in drop: {path.name}" for path in config.drop.iterdir())


def _days(_config: Config) -> None:
    for _ in range(PAST):
        days.recording(clock.today())
    days.quarantined(clock.today())
    for _ in range(KEPT):
        days.recording(days.today_and(9))


def _destroyed(_config: Config) -> Problems:
    with opened(_config):
        if not days.nothing_left(clock.today()):
            yield "something is left of the past day"
        hashes = days.tombstone_hashes()
        if len(hashes) != PAST + 1 or len(set(hashes)) != PAST + 1:
            yield f"{len(hashes)} hashes in the tombstones"
        for row in db.session.scalars(select(Recording)).all():
            if not dropping.kept_bytes(row).startswith(days.SOUND):
                yield "a living recording is not readable"
        if db.session.scalar(select(func.count()).select_from(Recording)) != KEPT:
            yield "a living recording was lost"


def _people() -> tuple[Account, list[Account]]:
    leader = factories.account(Role.TEAM_LEADER, login="leader")
    head = factories.account(Role.DIVISION_HEAD, login="head")
    return factories.account(Role.CUSTODIAN, login="custodian"), [leader, head]


def _reviewed(_config: Config) -> None:
    for _ in range(APPLICATIONS):
        factories.forwarded_application(days.recording(days.today_and(20)), state=State.REVIEWED)
    factories.account(Role.DIVISION_HEAD, login="head")


def _decided(config: Config) -> Problems:
    with opened(config):
        for application in db.session.scalars(select(Application)).all():
            yield from _once(application, "approve", State.APPROVED)


def _once(application: Application, action: str, state: State) -> Problems:
    if application.state != state:
        yield f"an application is {application.state}"
    done = select(func.count()).select_from(Transition)
    done = done.where(Transition.application_id == application.id, Transition.action == action)
    if db.session.scalar(done) != 1:
        yield f"{action} is not there exactly once"
    noted = select(func.count()).select_from(AuditEvent)
    noted = noted.where(
        AuditEvent.subject == application.public_id, AuditEvent.action == f"application.{action}"
    )
    if db.session.scalar(noted) != 1:
        yield f"the log has {action} not exactly once"


def _personal(_config: Config) -> None:
    """What the change of the columns' key writes anew, many rows of it."""
    _approved(_config)
    account = factories.account(login="mail")
    with write() as session:
        account.email = "someone@city.example"
        for application in session.scalars(select(Application)).all():
            application.birth_or_business_no, application.address = "1990-01-02", "이천시 1번지"
            application.contact = "010-1234-5678"


def _approved(_config: Config) -> None:
    custodian, deciders = _people()
    for _ in range(APPLICATIONS):
        employee = factories.account()
        approved(employee, [days.recording(days.today_and(20))], custodian, deciders)


def _handed_over(config: Config) -> Problems:
    with opened(config):
        rows = db.session.scalars(select(LedgerRow).order_by(LedgerRow.serial)).all()
        if [row.serial for row in rows] != list(range(1, APPLICATIONS + 1)):
            yield f"serials {[row.serial for row in rows]}"
        for application in db.session.scalars(select(Application)).all():
            if application.state != State.HANDED_OVER:
                yield f"an application is {application.state}"
        for document in db.session.scalars(select(IssuedDocument)).all():
            if not vault().records.get(document.public_id).startswith(b"%PDF"):
                yield "an issued paper is not readable"


def _asked(_config: Config) -> None:
    for _ in range(APPLICATIONS):
        provision = provided()
        ask(provision.application, by=provision.carrier)


def _leases_end(config: Config) -> None:
    with opened(config), write() as session:
        session.execute(update(Job).where(Job.state == "running").values(leased_until=clock.now()))


def _built(config: Config) -> Problems:
    with opened(config):
        for application in db.session.scalars(select(Application)).all():
            package = current_package(application)
            if package is None or package.state != "ready" or not package.blob:
                yield "a package is not ready"
                continue
            with vault().recordings.open(package.delete_on, package.blob) as reader:
                if reader.read(2) != b"PK":
                    yield "a package is not readable"
        if db.session.scalar(select(func.count()).select_from(Package)) != APPLICATIONS:
            yield "packages were doubled"


def _old_version(config: Config) -> None:
    flask_migrate.upgrade(revision="0001")
    with changing().begin() as connection:
        filled.fill(connection, MasterKey.load(config.master_key_file))


def _upgraded(config: Config) -> Problems:
    with opened(config):
        if schema.current() != schema.expected():
            yield f"the schema is {schema.current()}"
        with db.engine.connect() as connection:
            counts = filled.tables_with_rows(connection)
        for table in ("account", "ledger_row", "application", "recording", "audit_event"):
            if counts[table] != filled.ROWS:
                yield f"{table} has {counts[table]} rows"
        yield from _values_are_readable()


def _values_are_readable() -> Problems:
    for place in places():
        with db.engine.connect() as connection:
            statement = f"SELECT {place.column} FROM {place.table}"
            for (token,) in connection.exec_driver_sql(statement):
                if token is not None and not vault().columns.decrypt(token, place.context).text:
                    yield f"{place.context} is empty"


def _keys_work(config: Config) -> Problems:
    with opened(config):
        yield from _values_are_readable()
        for row in db.session.scalars(select(Recording)).all():
            if not dropping.kept_bytes(row).startswith(days.SOUND):
                yield "a recording is not readable"


def _values_kept(config: Config) -> Problems:
    yield from _keys_work(config)
    with opened(config):
        addresses = db.session.scalars(select(Application.address)).all()
        if addresses != ["이천시 1번지"] * APPLICATIONS:
            yield f"addresses {addresses}"


def _no_order(_calls: list[Call], _config: Config) -> Problems:
    yield from ()


def _in(calls: list[Call], config: Config) -> Problems:
    yield from order.wrong_in(calls, config.drop)


def _out(calls: list[Call], _config: Config) -> Problems:
    yield from order.wrong_out(calls, str(clock.today()))


_STEPS, _PORTAL = "bench.crash.steps", "portal.cli"
SCENES = [
    Scene("taking in", [_PORTAL, "ingest", "run"], _drop, _taken_in, _in, codes=QUARANTINED),
    Scene("deleting", [_PORTAL, "retention", "run"], _days, _destroyed, _out),
    Scene("deciding", [_STEPS, "decide"], _reviewed, _decided, _no_order),
    Scene("handing over", [_STEPS, "hand_over"], _approved, _handed_over, _in),
    Scene("packaging", [_PORTAL, "packages", "build"], _asked, _built, _in, _leases_end),
    Scene("upgrade", [_PORTAL, "upgrade"], _old_version, _upgraded, _no_order),
    Scene("master key", [_PORTAL, "key", "change-master"], _approved, _keys_work, _no_order),
    Scene("columns' key", [_PORTAL, "key", "change-columns"], _personal, _values_kept, _no_order),
]
BY_NAME = {scene.name: scene for scene in SCENES}
