"""Where an errand is run: the address of its form, filled in as far as is known, and the command that does the same."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from taizhang.disclosure.internal_views import Errand
from taizhang.intake.kinds import Kind


def form_link(errand: Errand, campaign: str, org: str) -> str:
    """The form for an errand of an organisation, below the site's root."""
    return f"filing/{errand.kind}/?{urlencode({'campaign': campaign, 'org': org, **errand.answers})}"


def command(errand: Errand, campaign: str, org: str, name: str) -> str:
    """The same for those who work at a terminal; `name` is empty where the command finds the next one by itself."""
    named = f" --name {name}" if name else ""
    return f"taizhang new {errand.kind} --org {org} --campaign {campaign}{named}"


def name_of(errand: Errand, kind: Kind, day: date) -> str:
    """The name of the record as its form would make it, were it filled in on `day`."""
    if "$name" in errand.answers:
        return errand.answers["$name"]
    days = {name: day.isoformat() for name in kind.names.made_of if kind.field((name,)).get("format") == "date"}
    return kind.names.made({**days, **errand.answers})
