"""Bars as SVG that the page can hold: no script, no style, the page's own font.

Drawn by reportlab, which the papers need anyway. It writes its colours as `style` attributes, which
the portal's policy forbids; they become attributes of their own. The numbers stand in the table
beside each chart, so the picture is hidden from screen readers.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from markupsafe import Markup
from reportlab.graphics import renderSVG
from reportlab.graphics.charts.barcharts import VerticalBarChart
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor

#: Dark, middle and light, apart in brightness too, each with a dark edge: not by colour alone.
FILLS = ("#083891", "#6d9ff0", "#f4f5f6")
_EDGE, _LINE, _TEXT = "#052b57", "#cdd1d5", "#464c53"
_WIDTH, _HEIGHT = 460, 190
_LEFT, _BOTTOM, _TOP = 44, 30, 10
_LETTERS = 13
_MOST_NAMES = 6
_SVG = "{http://www.w3.org/2000/svg}"
#: What the page decides, or nobody needs.
_DROPPED = {"", "id", "font-family", "font-size", "stroke-linecap", "fill-rule", "clip-path"}


def bars(names: Sequence[str], series: Sequence[Sequence[int]]) -> Markup:
    """Stacked bars: one per name, in each of them a part per series (at most three)."""
    drawing = Drawing(_WIDTH, _HEIGHT)
    drawing.add(_chart(names, series))
    return Markup(_plain(renderSVG.drawToString(drawing)))  # noqa: S704  (drawn from numbers here)


def _chart(names: Sequence[str], series: Sequence[Sequence[int]]) -> VerticalBarChart:
    chart = VerticalBarChart()
    chart.x, chart.y = _LEFT, _BOTTOM
    chart.width, chart.height = _WIDTH - _LEFT - 8, _HEIGHT - _BOTTOM - _TOP
    chart.data = [list(values) for values in series]
    chart.barSpacing, chart.groupSpacing = 0, 6 if len(names) <= 12 else 2
    for number in range(len(series)):
        chart.bars[number].fillColor = HexColor(FILLS[number])
        chart.bars[number].strokeColor = HexColor(_EDGE)
        chart.bars[number].strokeWidth = 1
    _along(chart, names)
    _upwards(chart, max((sum(column) for column in zip(*series, strict=True)), default=0))
    return chart


def _along(chart: VerticalBarChart, names: Sequence[str]) -> None:
    every = -(-len(names) // _MOST_NAMES)
    axis = chart.categoryAxis
    axis.style = "stacked"
    axis.categoryNames = [name if n % every == 0 else "" for n, name in enumerate(names)]
    axis.visibleTicks = False
    axis.strokeColor = HexColor(_TEXT)
    axis.labels.fontSize, axis.labels.fillColor = _LETTERS, HexColor(_TEXT)
    axis.labels.dy = -6


def _upwards(chart: VerticalBarChart, highest: int) -> None:
    axis = chart.valueAxis
    step = _step(highest)
    axis.valueMin, axis.valueStep = 0, step
    axis.valueMax = max(-(-highest // step), 1) * step
    axis.labelTextFormat = lambda value: f"{int(value):,}"
    axis.labels.fontSize, axis.labels.fillColor = _LETTERS, HexColor(_TEXT)
    axis.visibleAxis = axis.visibleTicks = False
    axis.visibleGrid, axis.gridStrokeColor = True, HexColor(_LINE)
    axis.gridStrokeWidth = 1


def _step(highest: int) -> int:
    """1, 2 or 5 with noughts, so that at most five lines are drawn."""
    step = 1
    while highest > step * 5:
        step = step * 2 if str(step)[0] in "15" else step // 2 * 5
    return step


def _plain(drawn: str) -> str:
    root = ElementTree.fromstring(drawn)  # noqa: S314  (drawn here)
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
        for part in element.attrib.pop("style", "").split(";"):
            name, _, value = part.partition(":")
            element.set(name.strip(), value.strip())
        kept = {n: _short(v) for n, v in element.attrib.items() if _says(element.tag, n, v)}
        element.attrib.clear()
        element.attrib.update(kept)
        element.text, element.tail = (element.text or "").strip(), None
    _prune(root)
    given = {"viewBox": f"0 0 {_WIDTH} {_HEIGHT}", "class": "chart", "aria-hidden": "true"}
    look = {"focusable": "false", "font-size": f"{_LETTERS}", "fill": _TEXT}
    root.attrib.clear()
    root.attrib.update(given | look)
    return ElementTree.tostring(root, encoding="unicode")


def _says(tag: str, name: str, value: str) -> bool:
    """Not what the page decides, what stands on the whole picture, or what holds by itself."""
    if name in _DROPPED or value in ("", "none"):
        return False
    return (name, value) != ("stroke-width", "1") and (tag, name) != ("text", "fill")


def _prune(element: ElementTree.Element) -> None:
    """Without what shows nothing: empty groups and labels, bars of no height."""
    for child in list(element):
        _prune(child)
        empty = child.tag in ("g", "text") and not len(child) and not child.text
        if empty or child.tag in ("title", "desc", "clipPath") or child.get("height") == "0":
            element.remove(child)


def _short(value: str) -> str:
    """A long decimal fraction without its tail; a colour in hexadecimal digits."""
    if value.startswith("rgb("):
        parts = (float(part) for part in value[4:-1].replace("%", "").split(","))
        return "#" + "".join(f"{round(part * 2.55):02x}" for part in parts)
    try:
        return f"{float(value):.1f}".removesuffix(".0")
    except ValueError:
        return value.strip()
