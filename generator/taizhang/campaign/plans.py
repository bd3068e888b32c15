"""Which periods a campaign publishes bulletins for, and when each may be issued."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from taizhang.campaign.campaign import BulletinPlan, Campaign
from taizhang.campaign.periods import Period, between

BULLETINS: Mapping[str, str] = {"weekly": "周统计", "monthly": "月通报"}
"""What each kind of bulletin is called."""


class NotPlanned(ValueError):
    """The campaign publishes no such bulletin, or none for that period."""


def plan_of(campaign: Campaign, kind: str) -> BulletinPlan:
    """The plan for weekly or monthly bulletins. Raises NotPlanned."""
    for plan in campaign.bulletins:
        if plan.bulletin == kind:
            return plan
    raise NotPlanned(kind)


def planned(campaign: Campaign, plan: BulletinPlan) -> Iterator[Period]:
    """Every period that a plan publishes a bulletin for."""
    return between(plan.rhythm, plan.first, campaign.ends_on)


def period_of(campaign: Campaign, plan: BulletinPlan, key: str) -> Period:
    """The period of a plan that is written so: 2023-W22, 2023-06. Raises NotPlanned."""
    for period in planned(campaign, plan):
        if period.key == key:
            return period
    raise NotPlanned(key)


def cut_off_of(period: Period, plan: BulletinPlan) -> date:
    """The last day, to 24:00, on which a filing counts for the period's issue."""
    return period.end + timedelta(days=plan.cut_off_days)
