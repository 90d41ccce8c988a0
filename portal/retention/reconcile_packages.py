"""Packages: each that can be downloaded has its file, each that is past its day is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from portal import clock
from portal.packages.models import Package
from portal.retention.difference import Difference
from portal.retention.look import read
from portal.runtime import vault

_ALIVE = Package.ended_at.is_(None)


def compare_packages(over: date) -> Iterator[Difference]:
    """`package_not_ended` up to the day `over`, and `package_without_file` after today."""
    late = select(Package.public_id).where(Package.delete_on <= over, _ALIVE)
    yield from (Difference("package_not_ended", one) for one in read(late))
    ready = (Package.state == "ready", _ALIVE, Package.delete_on > clock.today())
    for day in read(select(Package.delete_on).where(*ready).distinct()):
        named = select(Package.blob).where(*ready, Package.delete_on == day)
        missing = set(read(named)) - set(vault().recordings.blobs(day)) if day else set()
        if missing:  # looked at again: it may have been used up between the two looks
            still = missing & set(read(named))
            yield from (Difference("package_without_file", one) for one in still if one)


def package_files(day: date) -> set[str]:
    """The files of a deletion day that packages explain: built ones and sealed passwords."""
    found: set[str] = set()
    for column in (Package.blob, Package.envelope):
        named = read(select(column).where(Package.delete_on == day, _ALIVE))
        found.update(one for one in named if one)
    return found
