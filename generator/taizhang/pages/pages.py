"""Every page that is made from data: views in, pages out. Nothing here reads a file or a record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from taizhang.bulletins.periodic import Bulletin, latest, neighbours
from taizhang.bulletins.telling import rows as bulletin_rows
from taizhang.bulletins.telling.documents import UNISSUED, Issue, issue_of
from taizhang.campaign.plans import BULLETINS
from taizhang.disclosure.hazards import HazardView
from taizhang.disclosure.oversight import ScoreSheet, tally_tips
from taizhang.disclosure.views import CampaignView, ExposureView, UnitView
from taizhang.documents.values import FILTERS
from taizhang.figures.register import SECTIONS
from taizhang.findings import RULES, Finding, word
from taizhang.forms.layout import FilingForms
from taizhang.ledger.duties import Status
from taizhang.pages import bulletins as bulletin_pages
from taizhang.pages import figures
from taizhang.pages.bulletins import Download
from taizhang.pages.compiled import COMPILED
from taizhang.pages.internal import Internal, internal_pages
from taizhang.pages.progress import calendar, progress


@dataclass(frozen=True)
class Page:
    """A page to be stamped: its address below the site's root, the shell it goes into, its parts."""

    href: str
    section: str
    title: str
    description: str
    body: Markup
    is_searched: bool = True
    """Whether a search on the site finds it. What only stands behind another page is left out."""

    @property
    def depth(self) -> int:
        """How many folders deep the page lies; the start page lies at 0."""
        return self.href.count("/")


class Provenance(NamedTuple):
    """Which state of the ledger a site shows: the commit, its entry number, whether files differ from it."""

    commit: str
    entry: int
    changed: bool


@dataclass(frozen=True)
class CriteriaDocument:
    """A criteria document for its page: the public fields of its record."""

    name: str
    fields: Mapping[str, Any]

    @property
    def href(self) -> str:
        return f"criteria/{self.name}/"


class Citation(NamedTuple):
    """A public hazard that cites a clause."""

    campaign: CampaignView
    hazard: HazardView


@dataclass(frozen=True)
class Edition:
    """All that the pages are made from."""

    campaigns: Sequence[tuple[CampaignView, tuple[Bulletin, ...]]]
    criteria: Sequence[CriteriaDocument]
    left_out: Sequence[Finding] = ()
    """Errors for which records were left out, when the office chose to publish all the same."""
    provenance: Provenance | None = None
    digest: str = ""
    """Of the submissions; see intake.records.Intake."""
    pictures: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """Cleaned copies of photos by their addresses."""
    downloads: Mapping[str, Sequence[Download]] = field(default_factory=dict)
    """The files of each bulletin, by where its revision stands for good."""
    notices: Sequence[Finding] = ()
    """What the office should know about the files that could not be made."""
    filing: FilingForms | None = None
    internal: Internal | None = None
    """What only the internal edition has; None in the public one."""

    @property
    def shown_pictures(self) -> Mapping[str, bytes]:
        """The pictures that some page shows: no other is published."""
        hrefs = {p.href for view, _ in self.campaigns for exposure in view.exposures for p in exposure.photos}
        return {href: self.pictures[href] for href in sorted(hrefs)}

    def issue(self, bulletin: Bulletin, series: Sequence[Bulletin]) -> Issue:
        """How a bulletin stands, and which state of the ledger a draft of it shows."""
        at = self.provenance
        now = replace(UNISSUED, commit=at.commit, entry=at.entry) if at and not at.changed else UNISSUED
        return issue_of(bulletin, series, now)

    @cached_property
    def citations(self) -> Mapping[str, tuple[Citation, ...]]:
        """The public hazards that cite each clause, by its reference."""
        found: dict[str, tuple[Citation, ...]] = {}
        for view, _ in self.in_order:
            for hazard in view.hazards:
                for clause in hazard.clauses:
                    found[clause.ref] = (*found.get(clause.ref, ()), Citation(view, hazard))
        return found

    def unverified(self, campaign: str) -> Sequence[str]:
        """The names of a campaign's bulletins that are not published, for they do not agree with the ledger."""
        folder = f"submissions/{campaign}/"
        files = (item.file for item in self.left_out if item.file.startswith(folder) and "/bulletins/" in item.file)
        return sorted({file.rpartition("/")[2].removesuffix(".yml") for file in files})

    def left_out_of(self, campaign: str, unit: str) -> int:
        """How many files in a unit's folder were left out."""
        folder = f"submissions/{campaign}/{unit}/"
        return len({item.file for item in self.left_out if item.file.startswith(folder)})

    @property
    def demo(self) -> bool:
        return any(view.demo for view, _ in self.campaigns)

    @property
    def in_order(self) -> Sequence[tuple[CampaignView, tuple[Bulletin, ...]]]:
        """Running campaigns first, then those that have ended, then those to come; the newest first among them."""
        newest = sorted(self.campaigns, key=lambda entry: entry[0].starts_on, reverse=True)
        return sorted(newest, key=lambda entry: (not entry[0].is_running, not entry[0].has_begun))


Neighbours = tuple[Bulletin | None, Bulletin | None]
"""The issue before and the one after."""

OVERSIGHT = (("visits", "督查"), ("lessons", "以案为鉴"), ("tips", "举报"), ("assessment", "考核"))
"""The pages under 监督, which link to each other."""


def render(edition: Edition) -> Iterator[Page]:
    """Every data page of an edition, lazily."""
    renderer = _Renderer(edition)
    yield renderer.page("", "home", "首页", "internal_home.html" if edition.internal else "home.html")
    for section, title in (("campaigns", "专项行动"), ("units", "单位"), ("exposures", "曝光"), ("bulletins", "通报")):
        yield renderer.page(f"{section}/", section, title, f"{section}.html")
    for section, title in OVERSIGHT:
        yield renderer.page(f"{section}/", section, title, f"{section}.html")
    yield renderer.page("criteria/", "criteria", "判定标准", "criteria.html", documents=edition.criteria)
    for document in edition.criteria:
        title = document.fields["short_title"] or document.fields["title"]
        yield renderer.page(document.href, "criteria", title, "criteria_document.html", document=document)
    yield renderer.page("help/rules/", "rules", "检查规则", "rules.html", rules=list(RULES.values()))
    for rule in RULES.values():
        yield renderer.page(f"help/rules/{rule.code}/", "rules", f"{rule.code} {rule.title}", "rule.html", rule=rule)
    if edition.filing:
        yield from renderer.filing(edition.filing)
        # Those inside are led to the forms from every page of theirs.
        if edition.internal:
            yield from internal_pages(renderer.page, edition.internal, edition.filing)
    for view, bulletins in edition.campaigns:
        yield from renderer.campaign(view, bulletins)


def figure_list(section: str) -> Markup:
    """The figures of a section of the register with what they mean, for a page that is written by hand.

    Raises StopIteration for a section that the register has not.
    """
    wanted = next(part for part in SECTIONS if part.id == section)
    return Markup(_environment().get_template("register.html").render(section=wanted))  # noqa: S704 - it escapes


def _environment() -> Environment:
    """The templates, with what shows a value or a figure."""
    environment = Environment(
        loader=PackageLoader("taizhang.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=COMPILED,
    )
    environment.filters.update(FILTERS, word=word)
    environment.filters.update(bulletin_pages.FILTERS)
    environment.globals.update(figures.GLOBALS)
    return environment


class _Renderer:
    """The templates, with what they all need."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.environment = _environment()
        self.environment.globals.update(Status=Status, edition=edition, latest=latest)
        self.environment.globals.update(RULES=RULES, OVERSIGHT=OVERSIGHT, BULLETINS=BULLETINS, tally_tips=tally_tips)
        self.environment.globals.update(progress=progress, calendar=calendar)

    def page(self, href: str, section: str, title: str, template: str, description: str = "", **values: Any) -> Page:
        root = "../" * href.count("/")
        body = self.environment.get_template(template).render(root=root or "./", title=title, **values)
        return Page(href, section, title, description or title, Markup(body))  # noqa: S704 - the templates escape

    def campaign(self, view: CampaignView, bulletins: tuple[Bulletin, ...]) -> Iterator[Page]:
        shared = {"campaign": view, "bulletins": bulletins}
        yield self.page(view.href, "campaigns", view.short_title, "campaign.html", view.title, **shared)
        if view.has_begun:
            yield self.campaign_rows(view)
        for unit in view.units:
            yield self.unit(view, unit)
            if view.has_begun and view.behind.get(unit.org.id):
                yield self.unit_rows(view, unit)
        for exposure in view.exposures:
            yield self.exposure(view, exposure)
        if view.assessment:
            for sheets in view.assessment.units.values():
                yield self.score_sheets(view, sheets)
        around = neighbours(bulletins)
        for bulletin in bulletins:
            yield from self.issue(view, bulletin, bulletins, around[bulletin.href])

    def filing(self, filing: FilingForms) -> Iterator[Page]:
        yield self.page("filing/", "filing", "我要填报", "filing.html", filing=filing)
        for form in filing.forms:
            title = f"{form.card.action} · 填报"
            yield self.page(form.href, "filing", title, "form.html", form.card.about, form=form, filing=filing)

    def unit(self, view: CampaignView, unit: UnitView) -> Page:
        title = f"{unit.org.name} · {view.short_title}"
        return self.page(unit.href, "units", title, "unit.html", campaign=view, unit=unit)

    def campaign_rows(self, view: CampaignView) -> Page:
        title = f"{view.short_title}：数字的来历"
        members = [(unit.org, unit.since_start) for unit in view.units]
        values = {"campaign": view, "members": members}
        page = self.page(f"{view.href}rows/", "campaigns", title, "campaign_rows.html", view.title, **values)
        return replace(page, is_searched=False)

    def unit_rows(self, view: CampaignView, unit: UnitView) -> Page:
        title = f"{unit.org.name}：数字的来历"
        values = {"campaign": view, "unit": unit}
        page = self.page(f"{unit.href}rows/", "units", title, "unit_rows.html", view.title, **values)
        return replace(page, is_searched=False)

    def score_sheets(self, view: CampaignView, sheets: Sequence[ScoreSheet]) -> Page:
        title = f"{sheets[0].org.name}考核评分 · {view.short_title}"
        return self.page(sheets[0].href, "assessment", title, "score_sheets.html", campaign=view, sheets=sheets)

    def exposure(self, view: CampaignView, exposure: ExposureView) -> Page:
        what = f"曝光{exposure.number}" if exposure.is_withdrawn else exposure.title
        title = f"{what} · {exposure.unit_name}"
        return self.page(exposure.href, "exposures", title, "exposure.html", campaign=view, exposure=exposure)

    def issue(
        self, view: CampaignView, current: Bulletin, series: Sequence[Bulletin], around: Neighbours
    ) -> Iterator[Page]:
        """The pages of one issue: each revision at its own address, the one in force at the issue's too."""
        revisions = sorted((current, *current.others), key=lambda b: b.revision.revision if b.revision else 0)
        values_of = [bulletin_pages.page_values(b, view, self.edition.issue(b, series)) for b in revisions]
        history = bulletin_pages.history(revisions, [values["document"] for values in values_of])
        shared = {"campaign": view, "before": around[0], "after": around[1], "history": history}
        for bulletin, own in zip(revisions, values_of, strict=True):
            values = {**shared, **own, "bulletin": bulletin}
            values["downloads"] = self.edition.downloads.get(bulletin.permanent, ())
            for href in dict.fromkeys([bulletin.href, bulletin.permanent]):
                yield self.bulletin(href, bulletin, values)
            yield self.rows_behind(view, bulletin)
        for revision in current.revisions:
            if revision.withdrawn:
                title = f"{current.title}第{revision.revision}版（已撤回）"
                href = f"{current.home}r{revision.revision}/"
                values = {"campaign": view, "bulletin": current, "revision": revision}
                yield self.page(href, "bulletins", title, "bulletin_withdrawn.html", view.title, **values)

    def bulletin(self, href: str, bulletin: Bulletin, values: Mapping[str, Any]) -> Page:
        title = f"{bulletin.title}（{bulletin.period.label}）"
        if bulletin.is_superseded:
            title += "（已更正）"
        template = f"bulletin_{bulletin.kind}.html"
        page = self.page(href, "bulletins", title, template, values["campaign"].title, **values)
        return replace(page, is_searched=href == bulletin.home)

    def rows_behind(self, view: CampaignView, bulletin: Bulletin) -> Page:
        name = bulletin.title
        values = {"campaign": view, "bulletin": bulletin, "name": name, **bulletin_rows.row_values(bulletin)}
        title = f"{name}：数字的来历"
        page = self.page(bulletin.behind_href, "bulletins", title, "bulletin_rows.html", view.title, **values)
        return replace(page, is_searched=False)
