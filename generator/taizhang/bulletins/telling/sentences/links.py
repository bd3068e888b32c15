"""Organisations, hazards and exposures as they are named in a sentence, each leading to where it is told of."""

from __future__ import annotations

from collections.abc import Iterable

from taizhang.bulletins.periodic import Named
from taizhang.disclosure.hazards import HazardView
from taizhang.disclosure.views import ExposureView
from taizhang.documents.linked import LinkedText, joined, link


def organisations(named: Iterable[Named], campaign: str, measure: str = "次") -> LinkedText:
    """Organisations by their short names; how often each is meant stands behind it where it is more than once."""
    return joined((_organisation(item, campaign, measure) for item in named), "、")


def _organisation(item: Named, campaign: str, measure: str) -> LinkedText:
    times = f"（{item.times}{measure}）" if item.times > 1 else ""
    return link(item.org.short_name, f"units/{campaign}/{item.org.id}/") + times


def hazard(view: HazardView, campaign: str) -> LinkedText:
    """The unit, and the hazard's title in quotation marks."""
    title = link(view.fields["title"], f"units/{campaign}/{view.unit}/#{view.anchor}")
    return f"{view.unit_name}“" + title + "”"


def exposures(views: Iterable[ExposureView]) -> LinkedText:
    """The headlines of exposures, the unit before each that does not name it."""
    return joined((link(_headline(view), view.href) for view in views), "；")


def _headline(view: ExposureView) -> str:
    # A headline may call the unit by the end of its name: 苏木中心卫生院 for 示例旗苏木中心卫生院.
    return view.title if view.unit_name[-4:] in view.title else f"{view.unit_name}：{view.title}"
