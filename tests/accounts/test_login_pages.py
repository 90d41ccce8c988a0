"""Logging in and out over HTTP."""

from __future__ import annotations

from flask import Flask

import factories
from client import PageClient


def test_logging_in_leads_to_ones_own_account(app: Flask, client: PageClient) -> None:
    client.log_in(factories.account())

    assert "내 정보" in client.get("/account").text
