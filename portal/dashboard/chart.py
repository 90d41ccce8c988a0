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
_MOST_NAMES = 6
_SVG = "{http://www.w3.org/2000/svg}"
#: What the page decides, or nobody needs.
_DROPPED = {"font-family", "stroke-linecap", "fill-rule", "clip-path"}


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
        chart.bars[number].strokeWidth = 0.75
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
    axis.labels.fontSize, axis.labels.fillColor = 13, HexColor(_TEXT)
    axis.labels.dy = -6


def _upwards(chart: VerticalBarChart, highest: int) -> None:
    axis = chart.valueAxis
    step = _step(highest)
    axis.valueMin, axis.valueStep = 0, step
    axis.valueMax = max(-(-highest // step), 1) * step
    axis.labelTextFormat = lambda value: f"{int(value):,}"
    axis.labels.fontSize, axis.labels.fillColor = 13, HexColor(_TEXT)
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
    for name in ("title", "desc", "clipPath"):
        for child in root.findall(_SVG + name):
            root.remove(child)
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
        element.attrib.pop("id", None)
        if not element.get("transform", "-"):
            del element.attrib["transform"]
        for part in element.attrib.pop("style", "").split(";"):
            name, _, value = (piece.strip() for piece in part.partition(":"))
            if name and name not in _DROPPED:
                element.set(name, value)
        for name, value in element.attrib.items():
            element.set(name, _short(value))
        element.text = (element.text or "").strip()
        element.tail = None
    given = {"viewBox": root.get("viewBox", ""), "class": "chart", "aria-hidden": "true"}
    root.attrib.clear()
    root.attrib.update(given | {"focusable": "false"})
    return ElementTree.tostring(root, encoding="unicode")


def _short(value: str) -> str:
    """A long decimal fraction without its tail."""
    try:
        return f"{float(value):.2f}".rstrip("0").rstrip(".")
    except ValueError:
        return value
