"""Charts as inline SVG with their words as HTML: no script, readable in print, in the dark and on a phone.

A drawing is stretched to whatever width there is, so it holds no text; what must stay readable stands around it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from markupsafe import Markup, escape

SLOT, HEIGHT = 10, 100
"""Width of one period and height of a drawing, in its own units."""
CROWDED = 0.085
"""Labels nearer to each other than this part of the width would touch on a phone."""


Known = tuple[float, int]
Choice = Callable[[Sequence[Known]], Known]


class Slot(NamedTuple):
    """One period of a chart: its full name, and what stands below the axis, which is mostly nothing."""

    name: str
    mark: str


class Series(NamedTuple):
    """One line, area or row of bars. `style` is the CSS class that colours it, `cells` its values for a table."""

    name: str
    style: str
    values: Sequence[float | None]
    cells: Sequence[Markup]
    is_flow: bool
    """Whether its values can be added up over the periods."""

    @property
    def sum(self) -> float:
        return sum(value or 0 for value in self.values)


class PhaseSpan(NamedTuple):
    """A stretch of a campaign's time, both days included. `style` is past, now or ahead."""

    name: str
    start: date
    end: date
    style: str


def bars(title: str, unit: str, slots: Sequence[Slot], series: Sequence[Series], sums: str) -> Markup:
    """Flows: bars side by side in every period, and what they come to; `sums` is where that is added up."""
    top = _round_up(max((v for s in series for v in s.values if v is not None), default=0))
    width = SLOT * 0.8 / max(1, len(series))
    drawn = "".join(_bars(s, SLOT * 0.1 + i * width, width, top) for i, s in enumerate(series))
    totals = "，".join(f"{s.name}{s.sum:g}{unit}" for s in series)
    words = Markup('<a href="{}">{}期合计</a>：{}').format(sums, len(slots), totals)
    return _figure(title, slots, series, top, drawn, words)


def area(title: str, unit: str, slots: Sequence[Slot], series: Series) -> Markup:
    """Stock: one filled line."""
    top = _round_up(max((v for v in series.values if v is not None), default=0))
    drawn = _area(series, top) + _line(series, top)
    return _figure(title, slots, (series,), top, drawn, _extremes(series, slots, unit, "最高", max))


def percentages(title: str, slots: Sequence[Slot], series: Sequence[Series]) -> Markup:
    """Lines between 0 and 100 %. A missing value leaves a gap."""
    drawn = "".join(_line(s, 100) for s in series)
    words = Markup("；").join(Markup("{}{}").format(s.name, _extremes(s, slots, "", "最低", min)) for s in series)
    return _figure(title, slots, series, 100, drawn, words)


def table(anchor: str, caption: str, slots: Sequence[Slot], series: Sequence[Series]) -> Markup:
    """The same numbers as a table, the newest period first, with the sums of what can be added up."""
    head = "".join(f'<th scope="col" class="tz-num">{escape(s.name)}</th>' for s in series)
    rows = []
    for i in reversed(range(len(slots))):
        cells = "".join(f'<td class="tz-num">{s.cells[i]}</td>' for s in series)
        rows.append(f'<tr><th scope="row">{escape(slots[i].name)}</th>{cells}</tr>')
    sums = "".join(f'<td class="tz-num">{_number(s.sum) if s.is_flow else ""}</td>' for s in series)
    return Markup(  # noqa: S704 - every value is escaped on the line it stands on
        f'<div class="tz-scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="tz-table" id="{escape(anchor)}">'
        f'<caption>{escape(caption)}</caption><thead><tr><th scope="col">统计周期</th>{head}</tr></thead>'
        f'<tbody>{"".join(rows)}</tbody><tfoot><tr><th scope="row">合计</th>{sums}</tr></tfoot></table></div>'
    )


def calendar(start: date, end: date, phases: Sequence[PhaseSpan], due: Iterable[date], today: date | None) -> Markup:
    """A campaign on one line of time: phases as stretches, deadlines as pins, today as a line.

    It repeats in a drawing what the page says in words, so it is hidden from who cannot see it.
    """
    scale = _Scale(start, end)
    numbers = range(1, len(phases) + 1) if len(phases) > 1 else [0]
    parts = [scale.phase(number, phase) for number, phase in zip(numbers, phases, strict=True)]
    parts += scale.months()
    parts += scale.pins(sorted(set(due)))
    if today and start <= today <= end:
        parts.append(scale.today(today))
    body = "".join(parts)
    return Markup(f'<svg class="tz-strip" width="100%" height="98" aria-hidden="true">{body}</svg>')  # noqa: S704


def marks(days: Sequence[date]) -> Sequence[str]:
    """Which of the periods that start on `days` carry a mark: the first of each month, where there is room."""
    first = [i for i, day in enumerate(days) if i == 0 or day.month != days[i - 1].month]
    room = len(days) * CROWDED
    kept = {i for i, following in zip(first, [*first[1:], len(days) + room], strict=True) if following - i >= room}
    return [f"{day.month}月" if i in kept else "" for i, day in enumerate(days)]


class _Scale:
    """Days as percentages of a width."""

    def __init__(self, start: date, end: date) -> None:
        self.start, self.end = start, end
        self.days = (end - start).days + 1

    def at(self, day: date) -> float:
        return 100 * (day - self.start).days / self.days

    def phase(self, number: int, phase: PhaseSpan) -> str:
        """A stretch of time with its number and name; a campaign of one phase has number 0."""
        left = max(0.0, self.at(phase.start))
        width = max(1.2, self.at(phase.end + timedelta(days=1)) - left)
        text = escape(phase.name)
        if number:
            # The name gives way to the bare number on a phone, and both where there is no room at all.
            name = Markup('<tspan class="tz-phase-name"> %s</tspan>') % phase.name if width > 12 else ""
            text = Markup("%s%s") % (number, name) if width > 4 else Markup("")
        # A nested drawing cuts off what is too long.
        return (
            f'<svg x="{left:.2f}%" y="44" width="{width:.2f}%" height="20" class="tz-phase tz-{phase.style}">'
            f'<rect width="100%" height="20"/><text x="6" y="14">{text}</text></svg>'
        )

    def months(self) -> Iterable[str]:
        firsts = [self.start, *(d for d in _month_starts(self.start, self.end) if d != self.start)]
        for day, following in zip(firsts, [*firsts[1:], None], strict=True):
            x = self.at(day)
            yield f'<line class="tz-grid" x1="{x:.2f}%" x2="{x:.2f}%" y1="64" y2="70"/>'
            if following is None or self.at(following) - x >= 100 * CROWDED:
                yield f'<text class="tz-axis" x="{x:.2f}%" y="81" dx="2">{day.month}月</text>'

    def pins(self, due: Sequence[date]) -> Iterable[str]:
        low, last = False, -100.0
        for day in due:
            x = self.at(day) + 50 / self.days
            low = not low if x - last < 130 * CROWDED else False
            last = x
            anchor = "end" if x > 96 else ("start" if x < 3 else "middle")
            top = 26 if low else 12
            yield f'<line class="tz-pin" x1="{x:.2f}%" x2="{x:.2f}%" y1="{top + 3}" y2="41"/>'
            yield f'<circle class="tz-pin" cx="{x:.2f}%" cy="41" r="3"/>'
            yield f'<text class="tz-axis" x="{x:.2f}%" y="{top}" text-anchor="{anchor}">{day.month}.{day.day}</text>'

    def today(self, day: date) -> str:
        x = self.at(day) + 50 / self.days
        anchor = "end" if x > 90 else ("start" if x < 10 else "middle")
        return (
            f'<line class="tz-today" x1="{x:.2f}%" x2="{x:.2f}%" y1="36" y2="44"/>'
            f'<line class="tz-today" x1="{x:.2f}%" x2="{x:.2f}%" y1="64" y2="84"/>'
            f'<text class="tz-today" x="{x:.2f}%" y="95" text-anchor="{anchor}">{day.month}月{day.day}日</text>'
        )


def _month_starts(start: date, end: date) -> Iterable[date]:
    for month in range(start.year * 12 + start.month, end.year * 12 + end.month):
        yield date(month // 12, month % 12 + 1, 1)


def _figure(title: str, slots: Sequence[Slot], series: Sequence[Series], top: float, drawn: str, words: str) -> Markup:
    legend = "".join(f'<li class="tz-key {s.style}">{escape(s.name)}</li>' for s in series)
    scale = "".join(f"<li>{top * step / 4:g}</li>" for step in range(4, -1, -1))
    axis = "".join(f"<li>{escape(slot.mark)}</li>" for slot in slots)
    width = SLOT * max(1, len(slots))
    return Markup(  # noqa: S704 - every value is escaped on the line it stands on
        f'<figure class="tz-chart"><figcaption>{escape(title)}</figcaption>'
        f'<ul class="tz-legend">{legend}</ul><div class="tz-plot" aria-hidden="true"><ol class="tz-scale">{scale}</ol>'
        f'<svg viewBox="0 0 {width} {HEIGHT}" preserveAspectRatio="none">{_grid(width)}{drawn}'
        f'{_hints(slots, series)}</svg><ol class="tz-axis-marks">{axis}</ol></div>'
        f'<p class="tz-note">{escape(words)}。</p></figure>'
    )


def _extremes(series: Series, slots: Sequence[Slot], unit: str, word: str, choose: Choice) -> Markup:
    """The latest value and the highest or lowest, each with its period."""
    known = [(v, -i) for i, v in enumerate(series.values) if v is not None]
    if not known:
        return Markup("暂无数据")
    _, last = known[-1]
    _, index = choose(known)
    if len({v for v, _ in known}) == 1:
        return Markup("各期均为{}{}").format(series.cells[-last], unit)
    newest = Markup("最近一期（{}）{}{}").format(slots[-last].name, series.cells[-last], unit)
    return newest + Markup("，{}{}{}（{}）").format(word, series.cells[-index], unit, slots[-index].name)


def _grid(width: int) -> str:
    lines = (f'<line class="tz-grid" x1="0" x2="{width}" y1="{y}" y2="{y}"/>' for y in (0, 25, 50, 75, 100))
    return "".join(lines)


def _hints(slots: Sequence[Slot], series: Sequence[Series]) -> str:
    """A see-through column for each period that says its numbers when pointed at."""
    found = []
    for i, slot in enumerate(slots):
        values = "，".join(f"{s.name}{_number(s.values[i])}" for s in series)
        text = escape(f"{slot.name}：{values}")
        found.append(
            f'<rect class="tz-hint" x="{i * SLOT}" width="{SLOT}" height="{HEIGHT}"><title>{text}</title></rect>'
        )
    return "".join(found)


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:g}"


def _y(value: float, top: float) -> float:
    return HEIGHT * (1 - value / (top or 1))


def _bars(series: Series, offset: float, width: float, top: float) -> str:
    return "".join(
        f'<rect class="tz-bar {series.style}" x="{i * SLOT + offset:.2f}" y="{_y(v, top):.2f}" '
        f'width="{width * 0.9:.2f}" height="{HEIGHT - _y(v, top):.2f}"/>'
        for i, v in enumerate(series.values)
        if v
    )


def _area(series: Series, top: float) -> str:
    runs = _runs(series, top)
    feet = [[(run[0][0], HEIGHT), *run, (run[-1][0], HEIGHT)] for run in runs]
    return "".join(f'<polygon class="tz-area {series.style}" points="{_points(outline)}"/>' for outline in feet)


def _line(series: Series, top: float) -> str:
    return "".join(f'<polyline class="tz-line {series.style}" points="{_points(r)}"/>' for r in _runs(series, top))


def _runs(series: Series, top: float) -> Sequence[Sequence[tuple[float, float]]]:
    """The stretches of a line between gaps."""
    runs: list[list[tuple[float, float]]] = [[]]
    for i, value in enumerate(series.values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(((i + 0.5) * SLOT, _y(value, top)))
    return [run if len(run) > 1 else _dash(*run[0]) for run in runs if run]


def _dash(x: float, y: float) -> list[tuple[float, float]]:
    """A line for a value that stands alone: as wide as most of its period."""
    return [(x - SLOT / 3, y), (x + SLOT / 3, y)]


def _points(run: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:.2f}" for x, y in run)


def _round_up(value: float) -> float:
    """The next number that four grid lines divide evenly."""
    for factor in (1, 2, 3, 5, 10, 15, 20, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000):
        if value <= factor * 4:
            return factor * 4
    return value
