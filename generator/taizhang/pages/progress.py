"""How a campaign goes on, as drawings: its figures from one bulletin to the next, its phases and deadlines in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from markupsafe import Markup

from taizhang.bulletins.periodic import Bulletin
from taizhang.campaign.periods import span
from taizhang.disclosure.views import CampaignView
from taizhang.figures.register import FIGURES, Span
from taizhang.pages import charts
from taizhang.pages.figures import number

STOCK, FLOWS, RATES = "maj_open_end", ("maj_come", "maj_closed"), ("submission_rate", "in_time_rate")
STYLES = {
    "maj_open_end": "tz-open",
    "maj_come": "tz-new",
    "maj_closed": "tz-closed",
    "submission_rate": "tz-received",
    "in_time_rate": "tz-in-time",
}
"""The figures that are drawn, with the classes that colour them."""

TABLE = "trend-table"
"""Where the numbers of the drawings stand as a table."""


def drawn(bulletins: Sequence[Bulletin]) -> tuple[Bulletin, ...]:
    """The bulletins that are drawn: the campaign's shorter series."""
    kind = "weekly" if any(b.kind == "weekly" for b in bulletins) else "monthly"
    return tuple(b for b in bulletins if b.kind == kind)


def progress(bulletins: Sequence[Bulletin], root: str) -> Markup:
    """Stock, flows and filing over a campaign as drawings and as a table; each number leads to its bulletin's rows."""
    issues = drawn(bulletins)
    marks = charts.marks([b.period.start for b in issues])
    slots = [charts.Slot(_period_name(b), mark) for b, mark in zip(issues, marks, strict=True)]
    stock, flows = _series(STOCK, issues, root), tuple(_series(name, issues, root) for name in FLOWS)
    received, in_time = (_series(name, issues, root) for name in RATES)
    # Where the cut-off leaves no time to be late in, the two are one line.
    rates = (in_time,) if received.values == in_time.values else (received, in_time)
    each = "周" if issues[0].kind == "weekly" else "月"
    measure = FIGURES[STOCK].measure
    drawings = (
        charts.area(f"{stock.name}（{measure}，每{each}末）", measure, slots, stock),
        charts.bars(f"{_names(flows)}（{measure}，每{each}）", measure, slots, flows, f"#{TABLE}"),
        charts.percentages(f"{_names(rates)}（%，每{each}）", slots, rates),
    )
    numbers = charts.table(TABLE, f"各期数字（{measure}）", slots, [*flows, stock, *rates])
    return Markup(
        '<div class="tz-charts">%s</div><details class="tz-fold tz-screen"><summary>用表格看</summary>%s</details>'
    ) % (
        Markup("").join(drawings),
        numbers,
    )


def _names(series: Sequence[charts.Series]) -> str:
    return "、".join(one.name for one in series)


def _series(name: str, issues: Sequence[Bulletin], root: str) -> charts.Series:
    """A figure from issue to issue. Rates are drawn in per cent."""
    figure = FIGURES[name]
    figures = [issue.scoped("total", issue.total) for issue in issues]
    if figure.rate:
        values: list[float | None] = [_percent(issue.total.rate(name)) for issue in issues]
    else:
        values = [issue.total.count(name) for issue in issues]
    cells = [number(one, name, root, described=False) for one in figures]
    return charts.Series(
        figures[0].title(name), STYLES[name], values, cells, figure.span is Span.FLOW and not figure.rate
    )


def _period_name(bulletin: Bulletin) -> str:
    period = bulletin.period
    return span(period.start, period.end) if bulletin.kind == "weekly" else period.label


def calendar(view: CampaignView) -> Markup:
    """The campaign's phases and deadlines on one line of time. Phases and deadlines are independent lists."""
    phases, start = [], view.starts_on
    for phase in view.phases:
        start = phase.starts_on or start
        phases.append(charts.PhaseSpan(phase.title, start, phase.ends_on, _standing(view, start, phase.ends_on)))
        start = phase.ends_on + timedelta(days=1)
    whole = charts.PhaseSpan("持续开展", view.starts_on, view.ends_on, _standing(view, view.starts_on, view.ends_on))
    due = [day for day in view.deadlines if view.starts_on <= day <= view.ends_on]
    today = view.at if view.is_running else None
    return charts.calendar(view.starts_on, view.ends_on, phases or [whole], due, today)


def _standing(view: CampaignView, start: date, end: date) -> str:
    return "past" if view.at > end else ("now" if view.at >= start else "ahead")


def _percent(value: Fraction | None) -> float | None:
    return None if value is None else round(float(value) * 100, 1)
