"""The typed words stand in for their id in each request, and the id for them in each address.

Lists read `request.args` and build addresses with `url_for` as if the words stood there.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, flash, g, request
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from portal.access import is_polling
from portal.finding.typed import FIELDS, words_of

#: The parameter that carries the id.
PARAMETER = "f"


def init_app(app: Flask) -> None:
    """Registered after the access guard: nobody's words are read for a refused request."""
    app.before_request(_put_words_in)
    app.url_defaults(_put_id_in)


def _put_words_in() -> None:
    public_id = request.args.get(PARAMETER)
    if not public_id or not current_user.is_authenticated:
        return
    given = MultiDict(request.args)
    del given[PARAMETER]
    words = words_of(public_id, current_user)
    if words is None:
        _say_forgotten()
    else:
        given.update(words)
        g.typed_search = (public_id, words)
    request.args = given


def _put_id_in(_endpoint: str, values: dict[str, Any]) -> None:
    public_id, words = g.get("typed_search", (None, {}))
    if public_id is None:
        return
    carried = [name for name in FIELDS if name in words and values.get(name) == words[name]]
    for name in carried:
        del values[name]
    if carried:
        values[PARAMETER] = public_id


def _say_forgotten() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is not None and not is_polling(view):
        flash("찾던 말은 오래 보관하지 않아 지워졌습니다. 다시 적어 찾아 주십시오.", "warning")
