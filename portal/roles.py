"""The roles of 제5조 and of those who use the system."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    EMPLOYEE = "employee"
    COUNTER = "counter"
    CUSTODIAN = "custodian"
    TEAM_LEADER = "team_leader"
    DIVISION_HEAD = "division_head"
    AUDITOR = "auditor"


#: Roles that only a second person's confirmation brings into force.
SENSITIVE = frozenset({Role.CUSTODIAN, Role.TEAM_LEADER, Role.DIVISION_HEAD, Role.AUDITOR})
