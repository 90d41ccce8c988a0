"""How names look where one need not read them whole."""

from __future__ import annotations

_MOST = 4


def masked_name(name: str) -> str:
    """`홍길동` → `홍*동`, `김철` → `김*`, `남궁민수` → `남**수`; one letter stays as it is.

    Never more than four stars: how long the name of an organisation is tells which one it is, and
    no list gets as wide as that.
    """
    if len(name) <= 1:
        return name
    if len(name) == 2:
        return f"{name[0]}*"
    return f"{name[0]}{'*' * min(len(name) - 2, _MOST)}{name[-1]}"
