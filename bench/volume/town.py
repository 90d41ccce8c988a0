"""The people of a made-up larger city: departments, lines, accounts and their roles."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date

from argon2 import PasswordHasher
from volume.sink import Sink, stamp

from portal import clock
from portal.demo.access import PASSWORD
from portal.ids import public_id
from portal.institution import Settings

SINCE = date(2010, 1, 1)
SURNAMES = "김이박최정강조윤장임한오서신권황안송류전홍"
GIVEN = "가나다라마바사아자하민서준도윤지예현우진수영호성재은"


ACCOUNT = (
    "id", "public_id", "person_id", "login", "password_hash", "must_change_password", "failures",
    "created_at",
)  # fmt: skip


@dataclass
class Town:
    """What the other tables refer to. Lists are in the order of the ids, which begin at 1."""

    persons: list[str] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    departments: list[str] = field(default_factory=list)
    counters: list[int] = field(default_factory=list)
    custodian: int = 2
    leader: int = 3
    head: int = 4
    auditor: int = 5


def a_name(dice: random.Random) -> str:
    return dice.choice(SURNAMES) + dice.choice(GIVEN) + dice.choice(GIVEN)


def put_town(sink: Sink, people: int, settings: Settings, dice: random.Random) -> Town:
    """Fill the tables of people; the first five have the roles, and tell by their login."""
    town = Town()
    kinds = settings.organisation.kinds
    town.departments = [f"{dice.choice(GIVEN)}{dice.choice(GIVEN)}{n}과" for n in range(1, 121)]
    sink.put(
        "department",
        ("id", "public_id", "name", "kind", "from_on"),
        (
            (n, public_id(), name, kinds[n % len(kinds)], str(SINCE))
            for n, name in enumerate(town.departments, 1)
        ),
    )
    town.persons = [public_id() for _ in range(people)]
    town.accounts = [public_id() for _ in range(people)]
    town.names = [a_name(dice) for _ in range(people)]
    town.lines = [f"031644{n:04d}" for n in range(1000, 1000 + people)]
    everybody = range(1, people + 1)
    sink.put(
        "person",
        ("id", "public_id", "name", "employee_no"),
        ((n, town.persons[n - 1], town.names[n - 1], f"E{n:05d}") for n in everybody),
    )
    sink.put(
        "posting",
        ("id", "person_id", "department_id", "rank", "from_on"),
        ((n, n, n % 120 + 1, "주무관", str(SINCE)) for n in everybody),
    )
    sink.put(
        "extension",
        ("id", "public_id", "number", "shared", "department_id"),
        ((n, public_id(), town.lines[n - 1], 0, n % 120 + 1) for n in everybody),
    )
    sink.put(
        "extension_holding",
        ("id", "public_id", "extension_id", "person_id", "from_on"),
        ((n, public_id(), n, n, str(SINCE)) for n in everybody),
    )
    _put_accounts(sink, town)
    return town


def _put_accounts(sink: Sink, town: Town) -> None:
    logins = {1: "employee", 2: "custodian", 3: "leader", 4: "head", 5: "auditor", 6: "counter"}
    roles = {2: "custodian", 3: "team_leader", 4: "division_head", 5: "auditor"}
    town.counters = list(range(6, min(66, len(town.persons) + 1)))
    roles |= dict.fromkeys(town.counters, "counter")
    hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    now = stamp(clock.now())
    everybody = range(1, len(town.persons) + 1)
    sink.put(
        "account",
        ACCOUNT,
        (
            (n, town.accounts[n - 1], n, logins.get(n, f"user{n}"), hashed, 0, 0, now)
            for n in everybody
        ),
    )
    grants = [(n, "employee") for n in everybody] + sorted(roles.items())
    sink.put(
        "role_grant",
        ("id", "account_id", "role", "granted_at"),
        ((i, n, role, now) for i, (n, role) in enumerate(grants, 1)),
    )
