"""Every test makes an application of its own; what is compiled alike each time is kept here."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, ClassVar

from flask_sqlalchemy import SQLAlchemy
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from portal.applications import pictures
from portal.institution import Settings

_STATEMENTS = 5_000


class CompiledTemplates(BytecodeCache):
    """The templates, once a city: Jinja puts the city's words (`worded`) in when it compiles."""

    kept: ClassVar[dict[tuple[str, str], bytes]] = {}

    def __init__(self, settings: Settings) -> None:
        self.city = settings.digest()

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self.kept.get((self.city, bucket.key + bucket.checksum)):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[self.city, bucket.key + bucket.checksum] = bucket.bytecode_to_string()


def keep_compiled_addresses() -> None:
    """Werkzeug takes each address apart and compiles two functions for it, from its text alone."""
    compile_anew = Rule.compile
    kept: dict[tuple[object, ...], tuple[Any, ...]] = {}

    def compile_once(rule: Rule) -> None:
        assert rule.map is not None
        where = (rule.rule, rule.subdomain, rule.host, rule.merge_slashes, rule.map.host_matching)
        key = (*where, repr(rule.defaults), *rule.map.converters.values())
        if key not in kept:
            compile_anew(rule)
            build, build_unknown = rule._build.__func__, rule._build_unknown.__func__  # type: ignore[attr-defined]
            found = (rule._parts, rule._trace, rule._converters, frozenset(rule.arguments))
            kept[key] = (*found, build, build_unknown)
            return
        rule._parts, rule._trace, rule._converters, arguments, build, build_unknown = kept[key]
        rule.arguments = set(arguments)
        rule._build, rule._build_unknown = build.__get__(rule), build_unknown.__get__(rule)

    Rule.compile = compile_once  # type: ignore[method-assign]


def keep_compiled_statements() -> None:
    """SQLAlchemy compiles a statement once an engine; every test's database is of one of two kinds,
    asked in the same words."""
    make_engine = SQLAlchemy._make_engine
    kept: dict[str, LRUCache[Any, Any]] = {}

    def engine_with_kept(self: SQLAlchemy, *given: Any, **named: Any) -> Engine:
        engine: Engine = make_engine(self, *given, **named)
        engine._compiled_cache = kept.setdefault(engine.dialect.name, LRUCache(_STATEMENTS))
        return engine

    SQLAlchemy._make_engine = engine_with_kept  # type: ignore[method-assign]
    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        dialect.__eq__ = lambda one, other: type(one) is type(other)  # type: ignore[method-assign]
        dialect.__hash__ = lambda one: hash(type(one))  # type: ignore[method-assign]


def keep_drawn_papers() -> None:
    """A child opens each file from outside; what it said of the same bytes is said again. What it
    refuses is tried each time."""
    run_child = pictures._run
    kept: dict[tuple[bytes | str, ...], bytes] = {}

    def run_once(data: bytes, *arguments: str) -> bytes:
        key = (sha256(data).digest(), *arguments)
        if key not in kept:
            kept[key] = run_child(data, *arguments)
        return kept[key]

    pictures._run = run_once
