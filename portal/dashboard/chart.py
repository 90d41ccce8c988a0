"""Bars as SVG that the page can hold: no script, no style, the page's own font.

Drawn by hand: reportlab could, but a web worker does not hold it (decision 19), and the portal's
policy forbids the `style` attributes it writes. The numbers stand in the table beside each chart,
so the picture is hidden from screen readers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from markupsafe import Markup, escape

#: Dark, middle and light, apart in brightness too, each with a dark edge: not by colour alone.
FILLS = ("#083891", "#6d9ff0", "#f4f5f6")
_EDGE, _LINE, _TEXT = "#052b57", "#cdd1d5", "#464c53"
_WIDTH, _HEIGHT = 460, 190
_LEFT, _RIGHT, _TOP, _FLOOR = 44, 452, 10, 160
_LETTERS = 13
_MOST_NAMES = 6


def bars(names: Sequence[str], series: Sequence[Sequence[int]]) -> Markup:
    """Stacked bars: one per name, in each of them a part per series (at most three)."""
    columns = list(zip(*series, strict=True))
    highest = max((sum(column) for column in columns), default=0)
    step = _step(highest)
    lines = max(-(-highest // step), 1)
    drawn = [*_grid(step, lines), *_names(names), *_bars(columns, step * lines)]
    head = (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" class="chart" aria-hidden="true" '
        f'focusable="false" font-size="{_LETTERS}" fill="{_TEXT}">'
    )
    return Markup(head + "".join(drawn) + "</svg>")  # noqa: S704  (numbers; names are escaped)


def _grid(step: int, lines: int) -> Iterator[str]:
    """The lines across with what they stand for; the floor is dark."""
    for number in range(lines + 1):
        y = _short(_FLOOR - (_FLOOR - _TOP) * number / lines)
        colour = _LINE if number else _TEXT
        yield f'<path d="M{_LEFT},{y}H{_RIGHT}" stroke="{colour}"/>'
        label = f'text-anchor="end" dy=".37em">{step * number:,}</text>'
        yield f'<text x="{_LEFT - 5}" y="{y}" {label}'


def _names(names: Sequence[str]) -> Iterator[str]:
    """Below the bars, where there are many only some."""
    every = -(-len(names) // _MOST_NAMES)
    for number, name in enumerate(names):
        if number % every == 0 and name:
            x = _short(_LEFT + (_RIGHT - _LEFT) * (number + 0.5) / len(names))
            yield f'<text x="{x}" y="{_FLOOR + 19}" text-anchor="middle">{escape(name)}</text>'


def _bars(columns: Sequence[Sequence[int]], whole: int) -> Iterator[str]:
    """The parts of each bar from the floor up."""
    room = (_RIGHT - _LEFT) / max(len(columns), 1)
    width = room * (5 / 8 if len(columns) <= 12 else 5 / 6)
    scale = (_FLOOR - _TOP) / whole
    for number, column in enumerate(columns):
        x = _short(_LEFT + room * number + (room - width) / 2)
        for value, top, fill in zip(column, accumulate(column), FILLS, strict=False):
            if value:
                size = f'width="{_short(width)}" height="{_short(value * scale)}"'
                place = f'x="{x}" y="{_short(_FLOOR - top * scale)}"'
                yield f'<rect {place} {size} stroke="{_EDGE}" fill="{fill}"/>'


def _step(highest: int) -> int:
    """1, 2 or 5 with noughts, so that at most five lines are drawn."""
    step = 1
    while highest > step * 5:
        step = step * 2 if str(step)[0] in "15" else step // 2 * 5
    return step


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
