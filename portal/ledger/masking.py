"""What lists and exports of the ledger show of addresses and numbers."""

from __future__ import annotations

from portal import phones
from portal.ledger.models import LedgerRow
from portal.ledger.paper import numbers_of


def masked_numbers(row: LedgerRow) -> list[str]:
    """The numbers of a row for the list."""
    return [
        phones.masked(digits) if (digits := phones.digits(number)) else number
        for number in numbers_of(row)
    ]


def masked_address(text: str) -> str:
    """`경기도 이천시 …`: a list shows no more of an address; a department stays."""
    words = text.split()
    return text if len(words) <= 2 else f"{words[0]} {words[1]} …"
