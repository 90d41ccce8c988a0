"""How names look where one need not read them whole."""

from __future__ import annotations


def masked_name(name: str) -> str:
    """`홍길동` → `홍*동`, `김철` → `김*`, `남궁민수` → `남**수`; one letter stays as it is."""
    if len(name) <= 1:
        return name
    if len(name) == 2:
        return f"{name[0]}*"
    return f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"
