"""Every test makes an application of its own; what is compiled alike each time is kept here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from portal.institution import Settings


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
    """Werkzeug compiles two functions for each address; they depend on its text alone."""
    compile_builder = Rule._compile_builder
    kept: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}

    def kept_builder(rule: Rule, append_unknown: bool = True) -> Any:
        key = (tuple(rule._trace), frozenset(rule.arguments), repr(rule.defaults), append_unknown)
        if key not in kept:
            kept[key] = compile_builder(rule, append_unknown)
        return kept[key]

    Rule._compile_builder = kept_builder  # type: ignore[method-assign]
