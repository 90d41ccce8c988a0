"""The append-only log: what happened, by whom, on what, from where; chained with a key."""

from portal.audit.record import origin, record, record_alone

__all__ = ["origin", "record", "record_alone"]
