"""What the worker counted, when, and how long it took."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import UtcDateTime
from portal.extensions import Model


class CountedFigure(Model):
    """One figure by its name; counts alone, of nobody in particular."""

    __tablename__ = "counted_figure"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    took_ms: Mapped[int] = mapped_column()
