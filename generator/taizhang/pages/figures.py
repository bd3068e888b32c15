"""How pages show figures: each leads to the rows behind it, and is described by its meaning where the page tells it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

from taizhang.disclosure.scopes import ScopeFigures
from taizhang.figures.register import FIGURES, RECORDS, SPANS, TOTALS, is_told


def number(
    figures: ScopeFigures, name: str, root: str, measured: bool = False, described: bool = True, blank: bool = False
) -> Markup:
    """A figure as a link to its rows; as mere text where nothing was counted, or as nothing at all if `blank`."""
    if blank and not figures.has(name):
        return Markup("")
    marks = Markup(" ").join(Markup('{}="{}"').format(*mark) for mark in figures.marks(name, described).items())
    text, href = figures.measured(name) if measured else figures.text(name), figures.href(name)
    if href:
        return Markup('<a href="{}{}" {}>{}</a>').format(root, href, marks, text)
    return Markup("<span {}>{}</span>").format(marks, text)


def told_in_words(figures: ScopeFigures, names: Iterable[str], root: str, described: bool = True) -> Markup:
    """Figures one after another, each with its title and its unit of measure: 自查次数65次，培训人次577人次."""
    shown = ((figures.title(name), number(figures, name, root, measured=True, described=described)) for name in names)
    return Markup("，").join(Markup("{}{}").format(*one) for one in shown)


GLOBALS: dict[str, Any] = {
    "FIGURES": FIGURES,
    "RECORDS": RECORDS,
    "SPANS": SPANS,
    "TOTALS": TOTALS,
    "is_told": is_told,
    "number": number,
    "told_in_words": told_in_words,
}
"""What templates ask for to show figures."""
