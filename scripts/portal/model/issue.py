"""A newsletter issue: stories picked, and something said of our own."""

from __future__ import annotations

import datetime
from typing import ClassVar

from pydantic import Field

from portal.model.page import CampaignRef, EventRef, Page, StoryRef


class Issue(Page):
    """A number of the newsletter. Its file name is its number: `newsletter/1.md`."""

    folder: ClassVar[str] = "newsletter"
    template: ClassVar[str] = "issue.html"

    date: datetime.date = Field(
        title="Giorno in cui esce", description="Il giorno in cui esce.", examples=["2026-11-30"]
    )
    stories: tuple[StoryRef, ...] = Field(
        min_length=1,
        title="Storie",
        description="Le storie scelte, nell'ordine in cui escono.",
        examples=[["2015-07-04-granaio"]],
    )
    events: tuple[EventRef, ...] = Field(
        default=(),
        title="Appuntamenti",
        description="Gli appuntamenti.",
        examples=[["2018-11-30-festa"]],
    )
    campaign: CampaignRef | None = Field(
        default=None,
        title="Campagna",
        description="La campagna da far conoscere.",
        examples=["colazione"],
    )

    @property
    def number(self) -> int:
        """The issue's number, from its file name."""
        return int(self.slug)
