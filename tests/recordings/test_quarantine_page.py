"""반입 보류함: what arrived, why it waits, what to do; nothing to hear."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

import factories
from client import PageClient
from portal import clock
from portal.recordings.contents import masked_names
from portal.roles import Role
from portal.runtime import vault
from recordings.dropping import drop, sidecar, sound, take_in, the_item
from recordings.test_own_calls_page import counted_queries


@pytest.fixture
def custodian(client: PageClient) -> PageClient:
    return client.log_in(factories.account(Role.CUSTODIAN))


def test_the_list_says_what_came_and_what_to_do_but_offers_nothing_to_hear(
    custodian: PageClient,
) -> None:
    drop("out-01012345678-20261123", sound()[:500], sidecar())
    take_in()

    page = custodian.get("/quarantine").text

    assert "out-010-****-5678-20261123.wav" in page
    assert "중간에 끊겨" in page
    assert "녹음과 통화 정보" in page
    assert "D-31" in page
    for word in ("01012345678", "<audio", "재생", "다운로드"):
        assert word not in page


def test_an_empty_list_says_what_will_appear(custodian: PageClient) -> None:
    assert "보류한 파일이 없습니다" in custodian.get("/quarantine").text


def test_what_is_past_its_day_is_not_listed_and_its_names_are_gone(
    custodian: PageClient, app: Flask
) -> None:
    drop("call", b"no sound", sidecar())
    take_in()
    item = the_item()
    vault().day_keys.destroy(item.delete_on)

    assert masked_names(item) == []
    assert custodian.get("/quarantine").status_code == 200
    with clock.at(timedelta(days=32)):
        client = PageClient(app).log_in(factories.account(Role.CUSTODIAN))
        assert "보류한 파일이 없습니다" in client.get("/quarantine").text


@pytest.mark.both_databases
def test_a_longer_list_asks_no_more_queries(custodian: PageClient) -> None:
    drop("call-0", b"no sound 0", sidecar("id-0"))
    take_in()
    custodian.get("/quarantine")
    with counted_queries() as few:
        custodian.get("/quarantine")
    for number in range(1, 15):
        drop(f"call-{number}", b"no sound %d" % number, sidecar(f"id-{number}"))
    take_in()

    with counted_queries() as many:
        page = custodian.get("/quarantine").text

    assert "call-14.wav" in page
    assert len(many) == len(few) <= 12


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.CUSTODIAN])
def test_nobody_but_the_custodian_sees_it(client: PageClient, role: Role) -> None:
    client.log_in(factories.account(role))

    client.get("/quarantine", status=403)


def test_odd_names_do_no_harm_to_the_page(custodian: PageClient) -> None:
    folder = os.fsencode(drop())
    for ending, content in ((b".wav", b"x"), (b".json", json.dumps({}).encode())):
        Path(os.fsdecode(folder + b"/\xff<script>\n" + b"y" * 180 + ending)).write_bytes(content)
    take_in()

    page = custodian.get("/quarantine").text

    assert "&lt;script&gt;" in page
    assert "<script>y" not in page
