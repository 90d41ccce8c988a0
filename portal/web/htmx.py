"""Everything this portal knows about HTMX: whole page or fragment, redirects, events.

The pages run htmx 4, while htmx-flask 0.1.0 was written for htmx 2. What htmx 4.0.1 really sends:
``HX-Request``, ``HX-Request-Type`` (``partial``, or ``full`` when the body is the target or
``hx-select`` picks from the answer), ``HX-Source`` and ``HX-Target`` (``tag#id``),
``HX-Current-URL``, ``HX-Boosted``, ``HX-History-Restore-Request``. It reads ``HX-Trigger`` but no
``HX-Trigger-After-*``.
"""

import json
from typing import Any

from flask import Response, make_response, render_template, request
from flask import redirect as flask_redirect
from htmx_flask import Htmx

htmx = Htmx()

# A cache that kept one of the two answers for an address must not hand it out for the other.
VARY = ("HX-Request", "HX-Request-Type", "HX-Boosted", "HX-History-Restore-Request")


def is_htmx() -> bool:
    """Whether htmx sent this request, for a fragment or for a whole page."""
    return request.headers.get("HX-Request") == "true"


def wants_fragment() -> bool:
    """Whether the answer is swapped into a page that is already there.

    False on the way back in history, on boosted links and where htmx selects from a whole page.
    """
    headers = request.headers
    return (
        is_htmx()
        and headers.get("HX-Request-Type", "partial") != "full"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def render(
    page_template: str, fragment_template: str, status: int = 200, **context: Any
) -> Response:
    """Render the fragment for a swap, the whole page for everyone else."""
    template = fragment_template if wants_fragment() else page_template
    response = make_response(render_template(template, **context), status)
    response.vary.update(VARY)
    return response


def redirect(url: str) -> Response:
    """Send the browser to ``url`` (an address of this portal) with GET, also out of a swap.

    A 303 would be followed inside fetch and the whole page swapped into the fragment's place.
    """
    if is_htmx():
        response = make_response("", 204)
        response.headers["HX-Redirect"] = url
    else:
        response = make_response(flask_redirect(url, code=303))
    response.vary.update(VARY)
    return response


def trigger(response: Response, event: str, detail: dict[str, Any] | None = None) -> Response:
    """Let ``event`` happen in the page after the swap; several calls add up.

    The events ``portal.js`` knows: ``announce`` ({"message"}: read out), ``message`` ({"tone",
    "title", "text"}: shown on top), ``close-dialog`` ({}). It happens on the body, because the
    element that sent the request may be gone after the swap; header values stay ASCII.
    """
    events = json.loads(response.headers.get("HX-Trigger", "{}"))
    events[event] = {**(detail or {}), "target": "body"}
    response.headers["HX-Trigger"] = json.dumps(events)
    return response
