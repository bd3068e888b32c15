"""The record of a bulletin, counted and ready for the office's own words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from taizhang.bulletins.periodic import total_before
from taizhang.bulletins.revisions import last_number, untold
from taizhang.campaign.campaign import BulletinPlan
from taizhang.campaign.periods import Period
from taizhang.campaign.plans import cut_off_of
from taizhang.campaign.roll import Organisation
from taizhang.figures.frozen import Frozen
from taizhang.figures.register import EDITION
from taizhang.figures.tables import period_figures
from taizhang.intake.records import Record
from taizhang.ledger.ledger import Ledger

Data = Mapping[str, Any]

WORDS = ("doc_no", "remarks", "good_practices", "requirements")
"""What the office writes itself."""


@dataclass(frozen=True)
class Basis:
    """What figures are counted from: a commit of main, its entry number, and the digest of what was counted."""

    commit: str
    entry: int
    digest: str


def frozen_figures(ledger: Ledger, plan: BulletinPlan, period: Period) -> Frozen:
    """The table of a period as it is counted at its cut-off."""
    cut_off = cut_off_of(period, plan)
    then = ledger.on(cut_off)
    return Frozen.of(period_figures(then, period, cut_off), total_before(then, plan, period))


def first_draft(
    ledger: Ledger, plan: BulletinPlan, period: Period, basis: Basis, on_file: Sequence[Record], today: date
) -> Data:
    """The record of an issue that was never issued. `on_file` are the campaign's bulletins."""
    return {
        "filed_on": today.isoformat(),
        "bulletin": plan.bulletin,
        "period": period.key,
        "number": last_number(on_file, plan.bulletin) + 1,
        "revision": 1,
        **_counted(ledger, plan, period, basis, untold(on_file, plan.bulletin, period), {}),
    }


def revised(
    ledger: Ledger, plan: BulletinPlan, period: Period, basis: Basis, last: Record, reason: str, today: date
) -> Data:
    """The record of the next revision: counted anew, in the words of the last one."""
    return {
        "filed_on": today.isoformat(),
        "bulletin": plan.bulletin,
        "period": period.key,
        "number": last.data["number"],
        "revision": last.data["revision"] + 1,
        "reason": reason,
        **_counted(ledger, plan, period, basis, last.data.get("corrections", ()), last.data),
    }


def _counted(
    ledger: Ledger, plan: BulletinPlan, period: Period, basis: Basis, corrections: Iterable[str], words: Data
) -> Data:
    told = list(corrections)
    return {
        "cut_off": cut_off_of(period, plan).isoformat(),
        "commit": basis.commit,
        "entry": basis.entry,
        "digest": basis.digest,
        **({"register_edition": EDITION} if EDITION > 1 else {}),
        **{name: words[name] for name in WORDS if name in words},
        **({"corrections": told} if told else {}),
        "figures": frozen_figures(ledger, plan, period).written(),
    }


def moved(ledger: Ledger, period: Period) -> tuple[Organisation, ...]:
    """The organisations that came onto the roll, or left it, in mid-period."""
    return tuple(org for org in ledger.roll.units if org.existed_on(period.start) != org.existed_on(period.end))
