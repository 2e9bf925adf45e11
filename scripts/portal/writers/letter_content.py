"""What a newsletter letter says, block by block: the HTML and the plain text are two shapes of it."""

from __future__ import annotations

from dataclasses import dataclass

from portal.model.campaign import Campaign
from portal.model.event import Event
from portal.model.issue import Issue
from portal.model.site import Site
from portal.model.story import Story
from portal.writers.absolute_links import absolute_url, with_absolute_links
from portal.writers.event_days import days_of
from portal.writers.formats import italian_date

REASON = (
    "Ricevi questa lettera perché hai chiesto di avere le notizie di #Oltreiperimetri. "
    "Dentro non ci sono immagini nascoste né link che registrano chi legge."
)


@dataclass(frozen=True)
class LetterItem:
    """A story, an event or a campaign: its title is the link, `facts` are short lines under it."""

    title: str
    url: str
    facts: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class LetterSection:
    """Items under one heading."""

    heading: str
    items: tuple[LetterItem, ...]


@dataclass(frozen=True)
class PersonalLinks:
    """Where one reader leaves and chooses; whoever sends the letter puts the true addresses in."""

    leave: str
    preferences: str


@dataclass(frozen=True)
class LetterContent:
    """One issue as a letter. Every address in it is absolute; `body` is HTML.

    Without `personal` links the letter is nobody's: to look at, or to pass on.
    """

    number: int
    title: str
    preheader: str
    day: str
    body: str
    sections: tuple[LetterSection, ...]
    web_url: str
    home_url: str
    join_url: str
    reason: str = REASON
    personal: PersonalLinks | None = None

    @property
    def edition(self) -> str:
        """«Newsletter n. 1 – 30 novembre 2026»."""
        return f"Newsletter n. {self.number} – {self.day}"


def letter_content(issue: Issue, site: Site, body_html: str, site_url: str) -> LetterContent:
    """Gather what *issue* says. KeyError where it names a story, event or campaign that is not there."""
    sections = [
        LetterSection(
            "Le storie", tuple(_story(site.story(slug), site_url) for slug in issue.stories)
        )
    ]
    if issue.events:
        events = tuple(_event(site.event(slug), site, site_url) for slug in issue.events)
        sections.append(LetterSection("Gli appuntamenti", events))
    if issue.campaign:
        campaign = _campaign(site.campaign(issue.campaign), site, site_url)
        sections.append(LetterSection("Una campagna da conoscere", (campaign,)))
    web_url = absolute_url(site_url, issue.url)
    return LetterContent(
        number=issue.number,
        title=issue.title,
        preheader=issue.description,
        day=italian_date(issue.date),
        body=with_absolute_links(body_html, web_url),
        sections=tuple(sections),
        web_url=web_url,
        home_url=absolute_url(site_url, ""),
        join_url=absolute_url(site_url, "newsletter/"),
    )


def _story(story: Story, site_url: str) -> LetterItem:
    return LetterItem(
        story.title,
        absolute_url(site_url, story.url),
        (italian_date(story.date),),
        story.description,
    )


def _event(event: Event, site: Site, site_url: str) -> LetterItem:
    facts = (
        "Annullato" if event.cancelled else None,
        days_of(event),
        site.place(event.place).title if event.place else event.location,
    )
    shown = tuple(fact for fact in facts if fact)
    return LetterItem(event.title, absolute_url(site_url, event.url), shown, event.description)


def _campaign(campaign: Campaign, site: Site, site_url: str) -> LetterItem:
    facts = [f"I soldi vanno a: {site.recipient(campaign.recipient).name}"]
    if campaign.example:
        facts.append("È un esempio: per ora non si possono dare soldi veri")
    if not campaign.open:
        facts.append("La campagna è chiusa")
    return LetterItem(
        campaign.title, absolute_url(site_url, campaign.url), tuple(facts), campaign.description
    )
