"""Charts as inline SVG: no script, readable in print and in the dark, described for who cannot see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup, escape

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 36, 12, 14, 30


class Series(NamedTuple):
    """One line or one row of bars. `style` is the CSS class that colours it."""

    name: str
    style: str
    values: Sequence[float | None]


def trend(title: str, labels: Sequence[str], bars: Sequence[Series], lines: Sequence[Series]) -> Markup:
    """Bars side by side for flows, lines for stock, over periods. `labels` name the periods."""
    top = _round_up(max((v for s in (*bars, *lines) for v in s.values if v is not None), default=0))
    parts = [_grid(top, ""), _labels(labels)]
    slot = (WIDTH - LEFT - RIGHT) / max(1, len(labels))
    width = min(14.0, slot * 0.8 / max(1, len(bars)))
    for position, series in enumerate(bars):
        parts.append(_bars(series, slot, width, position - len(bars) / 2, top))
    parts += [_line(series, slot, top) for series in lines]
    return _figure(title, (*bars, *lines), labels, "".join(parts))


def percentages(title: str, labels: Sequence[str], lines: Sequence[Series]) -> Markup:
    """Lines between 0 and 100 %. A missing value leaves a gap."""
    slot = (WIDTH - LEFT - RIGHT) / max(1, len(labels))
    body = _grid(100, "%") + _labels(labels) + "".join(_line(s, slot, 100) for s in lines)
    return _figure(title, lines, labels, body)


def _figure(title: str, series: Sequence[Series], labels: Sequence[str], body: str) -> Markup:
    legend = "".join(f'<li class="tz-key {escape(s.style)}">{escape(s.name)}</li>' for s in series)
    return Markup(  # noqa: S704 - every value is escaped on the line it stands on
        '<figure class="tz-chart">'
        f"<figcaption>{escape(title)}</figcaption>"
        f'<ul class="tz-legend">{legend}</ul>'
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(_described(title, series, labels))}">'
        f"{body}</svg></figure>"
    )


def _described(title: str, series: Sequence[Series], labels: Sequence[str]) -> str:
    """The chart in one sentence: each series from the first period to the last."""
    if not labels:
        return f"{title}：暂无数据"
    spans = []
    for s in series:
        known = [(label, v) for label, v in zip(labels, s.values, strict=True) if v is not None]
        if known:
            (first, start), (last, end) = known[0], known[-1]
            spans.append(f"{s.name} {first} {start:g}，{last} {end:g}")
    return f"{title}：" + "；".join(spans)


def _x(index: int, slot: float) -> float:
    return LEFT + slot * (index + 0.5)


def _y(value: float, top: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / (top or 1))


def _grid(top: float, unit: str) -> str:
    lines = []
    for step in range(5):
        value = top * step / 4
        y = _y(value, top)
        lines.append(f'<line class="tz-grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        lines.append(f'<text class="tz-axis" x="{LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">{value:g}{unit}</text>')
    return "".join(lines)


def _labels(labels: Sequence[str]) -> str:
    slot = (WIDTH - LEFT - RIGHT) / max(1, len(labels))
    every = max(1, round(len(labels) / 8))
    return "".join(
        f'<text class="tz-axis" x="{_x(i, slot):.1f}" y="{HEIGHT - 10}" text-anchor="middle">{escape(label)}</text>'
        for i, label in enumerate(labels)
        if i % every == 0
    )


def _bars(series: Series, slot: float, width: float, offset: float, top: float) -> str:
    base = _y(0, top)
    return "".join(
        f'<rect class="tz-bar {series.style}" x="{_x(i, slot) + offset * width:.1f}" y="{_y(v, top):.1f}" '
        f'width="{width * 0.9:.1f}" height="{base - _y(v, top):.1f}"/>'
        for i, v in enumerate(series.values)
        if v
    )


def _line(series: Series, slot: float, top: float) -> str:
    runs: list[list[str]] = [[]]
    for i, value in enumerate(series.values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(f"{_x(i, slot):.1f},{_y(value, top):.1f}")
    return "".join(f'<polyline class="tz-line {series.style}" points="{" ".join(run)}"/>' for run in runs if run)


def _round_up(value: float) -> float:
    """The next number that four grid lines divide evenly."""
    step = 4
    for factor in (1, 2, 5, 10, 20, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000):
        if value <= factor * step:
            return factor * step
    return value
