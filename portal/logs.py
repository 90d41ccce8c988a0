"""The technical log: one JSON line an event on standard error, without what people typed.

Errors are noted by type and place (`traces.place`), never by message or local values: those
would be names, numbers and codes.
"""

from __future__ import annotations

import sys

import structlog


def configure() -> None:
    """Set up structlog for this process; called once at start."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
