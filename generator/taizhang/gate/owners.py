"""CODEOWNERS: which accounts must review which path, from the roll and the campaign's reviewers.

The owner of a path is who must review a change to it, never who files there: a forge asks an owner for approval and
does not take it from the author, so a unit that owned its own folder could file nothing, or approve itself. Who may
file where is held by the gate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from typing import NamedTuple

import yaml

from taizhang.campaign.campaign import Campaign
from taizhang.campaign.roll import Roll, Tier

DISCLOSED = ("bulletins", "exposures", "tips")
"""Kinds that speak to the public about a unit, so the disclosure reviewer sees them first."""

CONTACTS = ("contact-changes", "contact-decisions")
"""Kinds that both named bodies must see. Notice A68."""

_WORDS: Mapping[str, str] = yaml.safe_load(files(__package__).joinpath("owners.yml").read_text(encoding="utf-8"))


class Owned(NamedTuple):
    """A path pattern of CODEOWNERS, the logins or teams that review it, and why."""

    pattern: str
    logins: tuple[str, ...]
    reason: str


def owners(campaigns: Sequence[tuple[Campaign, Roll]]) -> str:
    """The text of a CODEOWNERS file. The last pattern that matches a path decides, so it runs from wide to narrow.

    Raises LookupError, with the campaign's short title, where nobody reviews for the office.
    """
    for campaign, roll in campaigns:
        if not reviewers(campaign, roll, "office"):
            raise LookupError(campaign.short_title)
    shared = {role: _together(campaigns, role) for role in ("office", "it")}
    general = [
        Owned("*", shared["it"], _WORDS["it"]),
        Owned("/submissions/", shared["office"], _WORDS["shared"]),
    ]
    lines = [*general, *(owned for campaign, roll in campaigns for owned in _of_campaign(campaign, roll))]
    return _WORDS["head"] + "".join(_line(owned) for owned in lines)


def _line(owned: Owned) -> str:
    # A name with a line break in it must not become a line of its own.
    reason = " ".join(owned.reason.split())
    return f"\n# {reason}\n{owned.pattern} {' '.join(f'@{login}' for login in owned.logins)}\n"


def _together(campaigns: Sequence[tuple[Campaign, Roll]], role: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(login for campaign, roll in campaigns for login in reviewers(campaign, roll, role)))


def reviewers(campaign: Campaign, roll: Roll, role: str) -> tuple[str, ...]:
    """Who plays a role: as `campaign.yml` says, else who files for the body, else the office."""
    named = campaign.reviewers.get(role)
    if named:
        return named
    tier = Tier.COMMITTEE if role == "committee" else Tier.OFFICE
    filing = tuple(login for org in roll.organisations if org.tier is tier for login in org.submitters)
    if filing or role == "office":
        return filing
    return reviewers(campaign, roll, "office")


def _of_campaign(campaign: Campaign, roll: Roll) -> Iterator[Owned]:
    folder = f"/submissions/{campaign.id}/"
    office, committee = (reviewers(campaign, roll, role) for role in ("office", "committee"))
    yield Owned(folder, office, _WORDS["campaign"].format(campaign=campaign.short_title))
    for org in roll.organisations:
        superior = roll.by_id.get(org.parent or "")
        if superior is not None and superior.tier is Tier.COUNTY and superior.submitters:
            reason = _WORDS["county"].format(unit=org.short_name, superior=superior.short_name)
            yield Owned(f"{folder}{org.id}/", superior.submitters, reason)
        elif org.tier is Tier.COMMITTEE:
            yield Owned(f"{folder}{org.id}/", committee, _WORDS["committee"].format(unit=org.short_name))
    for kind in CONTACTS:
        yield Owned(f"{folder}*/{kind}/", committee, _WORDS["contacts"])
    for kind in DISCLOSED:
        yield Owned(f"{folder}*/{kind}/", reviewers(campaign, roll, "disclosure"), _WORDS["disclosure"])
