"""What a recorder is told, and that nobody else is told anything (제9조)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

import factories
from portal import clock
from portal.api.models import Recorder
from portal.api.recorders import REFUSALS, WITHIN
from portal.audit.models import AuditEvent
from portal.cli.recorder import recorder as command
from portal.config import Config
from portal.database import write
from portal.extensions import db
from portal.restrictions.decide import lift
from portal.restrictions.recording import Span, at
from restrictions.cases import Case

NUMBER = "0316442102"


@pytest.fixture(autouse=True)
def _environment(app: Flask, config: Config, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PORTAL_DATA", str(config.data))
    monkeypatch.setenv("PORTAL_DATABASE_URL", config.database_url)
    yield


@pytest.fixture
def token(app: Flask) -> str:
    return str(json.loads(run("add", "main", "--json").output)["token"])


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))


def ask(app: Flask, token: str | None, number: str = NUMBER) -> tuple[int, dict[str, object]]:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    answer = app.test_client().get(f"/api/extensions/{number}", headers=headers)
    db.session.rollback()
    return answer.status_code, answer.json


def test_an_extension_may_record_until_its_holder_is_restricted(app: Flask, token: str) -> None:
    case = Case()
    factories.extension(NUMBER, case.person.person)
    assert ask(app, token) == (200, {"extension": NUMBER, "may_record": True, "until": None})

    row = case.served(last_on=clock.today())

    end = clock.seoul(clock.midnight(clock.today() + timedelta(days=1))).isoformat()
    assert ask(app, token) == (200, {"extension": NUMBER, "may_record": False, "until": end})
    with write():
        lift(row, by=case.head, reason="교육을 마침")
    assert ask(app, token)[1]["may_record"] is True


def test_one_that_is_not_served_or_only_of_the_portal_leaves_the_phone(
    app: Flask, token: str
) -> None:
    case = Case()
    factories.extension(NUMBER, case.person.person)
    case.drafted()
    case.approved()
    case.served(phone_recording=False)

    assert ask(app, token)[1]["may_record"] is True


def test_the_beginning_of_one_that_was_served_ahead_is_told(app: Flask, token: str) -> None:
    case, begins = Case(), clock.today() + timedelta(days=3)
    factories.extension(NUMBER, case.person.person)
    case.served(from_on=begins, last_on=None)

    start = clock.seoul(clock.midnight(begins)).isoformat()
    assert ask(app, token)[1] == {"extension": NUMBER, "may_record": True, "until": start}
    with clock.at(clock.midnight(begins)):
        assert ask(app, token)[1] == {"extension": NUMBER, "may_record": False, "until": None}


def test_the_extension_of_a_former_holder_is_free_and_a_shared_one_is_not(
    app: Flask, token: str
) -> None:
    case, other = Case(), factories.account()
    factories.extension(NUMBER, case.person.person, until_on=clock.today())
    factories.extension("0316442199", case.person.person, other.person)
    case.served()

    assert ask(app, token)[1]["may_record"] is True
    assert ask(app, token, "0316442199")[1]["may_record"] is False


@pytest.mark.parametrize("number", ["9999", "2102a", "02-644", "٣٤", "1" * 21, "%20", "2102'"])
def test_what_is_no_known_extension_is_not_found(app: Flask, token: str, number: str) -> None:
    assert ask(app, token, number) == (404, {"error": "unknown_extension"})


@pytest.mark.parametrize("sent", [None, "", "wrong", "Bearer", "null"])
def test_without_a_good_token_nothing_is_told_and_the_attempt_is_logged(
    app: Flask, token: str, sent: str | None
) -> None:
    factories.extension(NUMBER, factories.account().person)

    assert ask(app, sent) == (401, {"error": "bad_token"})
    assert refusals() == 1


def test_a_token_in_another_scheme_or_a_login_does_not_help(app: Flask, token: str) -> None:
    client = app.test_client()
    for headers in ({"Authorization": f"Basic {token}"}, {"Authorization": token}, {}):
        assert client.get(f"/api/extensions/{NUMBER}", headers=headers).status_code == 401
    assert client.get(f"/api/extensions/{NUMBER}?token={token}").status_code == 401


def test_a_token_opens_that_call_and_nothing_else(app: Flask, token: str) -> None:
    client = app.test_client()
    for page in ("/calls", "/restrictions", "/account", "/ledger"):
        answer = client.get(page, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code in (303, 404)
    answer = client.post(f"/api/extensions/{NUMBER}", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code in (400, 405)


def test_a_revoked_token_is_refused_at_once_and_for_good(app: Flask, token: str) -> None:
    factories.extension(NUMBER, factories.account().person)
    assert ask(app, token)[0] == 200

    assert run("revoke", "main").exit_code == 0

    assert ask(app, token) == (401, {"error": "bad_token"})
    assert run("revoke", "main").exit_code == 2
    assert run("add", "main").exit_code == 2


def test_many_bad_tokens_are_cut_off_while_a_good_one_passes(app: Flask, token: str) -> None:
    factories.extension(NUMBER, factories.account().person)

    codes = [ask(app, f"guess-{n}")[0] for n in range(REFUSALS + 5)]

    assert codes == [401] * REFUSALS + [429] * 5
    assert refusals() == REFUSALS
    assert ask(app, token)[0] == 200
    with clock.at(WITHIN + timedelta(minutes=1)):
        assert ask(app, "later")[0] == 401


def test_the_token_is_printed_once_and_kept_as_a_hash(app: Flask, token: str) -> None:
    row = db.session.scalars(select(Recorder)).one()
    assert token not in (row.token_hash, row.public_id)
    assert len(token) >= 43  # 256 bits
    listed = run("list", "--json").output
    assert json.loads(listed)[0]["name"] == "main"
    assert token not in listed
    assert token not in run("list").output


def test_the_last_use_is_noted_once_a_minute(app: Flask, token: str) -> None:
    factories.extension(NUMBER, factories.account().person)
    ask(app, token)
    first = db.session.scalars(select(Recorder.used_at)).one()
    ask(app, token)
    assert db.session.scalars(select(Recorder.used_at)).one() == first
    with clock.at(timedelta(minutes=2)):
        ask(app, token)
    assert db.session.scalars(select(Recorder.used_at)).one() > first


@pytest.mark.parametrize("arguments", [("add", ""), ("add", "a b"), ("add", "x" * 61),
                                       ("revoke", "nobody"), ("add",)])  # fmt: skip
def test_what_cannot_be_done_ends_with_2(app: Flask, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2
    assert db.session.scalar(select(func.count()).select_from(Recorder)) == 0


HOURS = st.integers(0, 30)
SPANS = st.lists(st.tuples(HOURS, st.none() | HOURS), max_size=6)
START = datetime(2026, 11, 23, tzinfo=UTC)


@settings(max_examples=30, deadline=None)
@given(hours=SPANS, now=HOURS)
def test_the_answer_holds_until_the_moment_it_names(
    hours: list[tuple[int, int | None]], now: int
) -> None:
    def moment(hour: int) -> datetime:
        return START + timedelta(hours=hour)

    spans: list[Span] = [(moment(a), None if b is None else moment(b)) for a, b in hours]

    def forbidden(hour: int) -> bool:
        return any(a <= hour and (b is None or hour < b) for a, b in hours)

    answer = at(moment(now), spans)

    assert answer.may_record is not forbidden(now)
    changes = [h for h in range(now, 40) if forbidden(h) != forbidden(now)]
    assert answer.until == (moment(changes[0]) if changes else None)


def refusals() -> int:
    statement = select(func.count()).where(AuditEvent.action == "recorder.refused")
    return db.session.scalar(statement) or 0
