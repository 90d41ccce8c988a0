"""A 제공 of an employee and one of a citizen, handed over."""

from __future__ import annotations

import pytest
from flask import Flask

from packages.provision import Provision, provided


@pytest.fixture
def provision(app: Flask) -> Provision:
    """An employee's own, with one recording."""
    return provided()


@pytest.fixture
def citizens(app: Flask) -> Provision:
    """A citizen's, handed over by the custodian at the counter."""
    return provided(citizen=True)
