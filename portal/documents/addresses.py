"""Where a verification number leads: what the QR of a paper holds."""

from __future__ import annotations

from portal.runtime import settings


def verification_url(number: str) -> str:
    """The page on which staff look the paper up; the bare number where no address is set."""
    base = settings().papers.portal_address.rstrip("/")
    return f"{base}/documents/verify?no={number}" if base else number
