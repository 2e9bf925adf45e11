"""The site: everything people wrote, and the questions templates ask of it."""

from __future__ import annotations

import datetime
import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from portal.model.action import Action
from portal.model.archive import Label, Shelf, shelves
from portal.model.area import Area
from portal.model.campaign import Campaign, Frequency, Recipient
from portal.model.event import Event
from portal.model.indicator import Indicator
from portal.model.issue import Issue
from portal.model.listing import Listing
from portal.model.member import JointFact, Member
from portal.model.moment import Moment
from portal.model.need import Desk, Need
from portal.model.network import Network
from portal.model.opportunity import Board, Opportunity, OpportunityKind
from portal.model.page import Page
from portal.model.place import Place, latest_first
from portal.model.progress import Progress
from portal.model.story import Story
from portal.model.totals import Totals
from portal.model.translation import Translation
from portal.model.words import Words

_TIE_WEIGHTS = {"places": 3, "actions": 2, "members": 2, "towns": 1}
"""How much it says that two stories share one: a room more than a town."""
_WEIGHT_OF_A_NEED = 1
"""How much more it says where a need names the action they share: debts rather than «comunicazione»."""

_RECENT_YEARS = 5

PageType = TypeVar("PageType", bound=Page)


@dataclass(frozen=True)
class Site:
    """What people wrote, on *today*. Lists are in reading order: stories newest first, needs as numbered."""

    today: datetime.date
    pages: tuple[Page, ...]
    actions: tuple[Action, ...]
    needs: tuple[Need, ...]
    places: tuple[Place, ...]
    stories: tuple[Story, ...]
    events: tuple[Event, ...]
    campaigns: tuple[Campaign, ...]
    issues: tuple[Issue, ...]
    indicators: tuple[Indicator, ...]
    moments: tuple[Moment, ...]
    recipients: tuple[Recipient, ...]
    network: Network
    translations: tuple[Translation, ...] = ()
    words: Mapping[str, Words] = field(default_factory=dict)
    totals: Totals | None = None
    opportunities: tuple[Opportunity, ...] = ()

    def action(self, slug: str) -> Action:
        """The action with this slug. KeyError where there is none, as for its siblings below."""
        return self._by_slug(self.actions)[slug]

    def place(self, slug: str) -> Place:
        return self._by_slug(self.places)[slug]

    def story(self, slug: str) -> Story:
        return self._by_slug(self.stories)[slug]

    def event(self, slug: str) -> Event:
        return self._by_slug(self.events)[slug]

    def member(self, slug: str) -> Member:
        return self._by_slug(self.network.members)[slug]

    def campaign(self, slug: str) -> Campaign:
        return self._by_slug(self.campaigns)[slug]

    def tool(self, slug: str) -> Page:
        """The page of one of the tools that do sums in the browser."""
        return self._originals[f"strumenti/{slug}/"]

    @cached_property
    def tools(self) -> tuple[Page, ...]:
        """The tools, as their addresses are ordered."""
        return tuple(
            self._originals[url]
            for url in sorted(self._originals)
            if url.startswith("strumenti/") and url != "strumenti/"
        )

    def recipient(self, recipient_id: str) -> Recipient:
        """Who receives the money of a campaign."""
        return next(recipient for recipient in self.recipients if recipient.id == recipient_id)

    def members_of(self, action: Action) -> tuple[Member, ...]:
        """Who works on *action*: the members a source ties to its area."""
        return tuple(member for member in self.network.members if action.area in member.areas)

    def stories_of_action(self, action: Action) -> tuple[Story, ...]:
        return tuple(story for story in self.stories if action.slug in story.actions)

    def stories_of_place(self, place: Place) -> tuple[Story, ...]:
        return tuple(story for story in self.stories if place.slug in story.places)

    def stories_of_need(self, need: Need) -> tuple[Story, ...]:
        """The stories of the actions that answer *need*."""
        return tuple(story for story in self.stories if set(need.actions) & set(story.actions))

    def needs_of_story(self, story: Story) -> tuple[Need, ...]:
        """The needs that the actions of *story* answer."""
        return tuple(need for need in self.needs if set(need.actions) & set(story.actions))

    def desks_of_need(self, need: Need) -> tuple[tuple[Desk, Member | None], ...]:
        """The desks of *need*, the one seen last first; each with the member whose own door it is, if it is one's."""
        members = self.network.members
        return tuple(
            (desk, next((one for one in members if desk.is_of(one)), None))
            for desk in need.latest_desks
        )

    def members_of_need(self, need: Need) -> tuple[Member, ...]:
        """Whom to turn to with *need*, but for those whose own door is among its desks."""
        behind_doors = [member for _, member in self.desks_of_need(need)]
        return tuple(one for one in map(self.member, need.members) if one not in behind_doors)

    def places_of_need(self, need: Need) -> tuple[tuple[Place, str], ...]:
        """Where to go with *need*, checked places first, then what was seen last; each with what one finds there."""
        offers = {offer.place: offer for offer in need.places}
        places = latest_first(place for place in self.places if place.slug in offers)
        latest = sorted(
            places, key=lambda one: (one.confirmed, offers[one.slug].seen), reverse=True
        )
        return tuple((place, offers[place.slug].description) for place in latest)

    def has_recent_door(self, need: Need) -> bool:
        """Whether one of the doors of *need* was seen in the last five years, or checked by somebody."""
        seen = [offer.seen for offer in need.places] + [desk.seen for desk in need.desks]
        since = self.today.year - _RECENT_YEARS
        return any((date.year or 0) >= since for date in seen) or any(
            self.place(offer.place).confirmed for offer in need.places
        )

    def places_of_action(self, action: Action) -> tuple[Place, ...]:
        return tuple(place for place in self.places if action.slug in place.actions)

    def places_of_member(self, member: Member) -> tuple[Place, ...]:
        return tuple(place for place in self.places if member.slug in place.members)

    def campaigns_of_action(self, action: Action) -> tuple[Campaign, ...]:
        return tuple(campaign for campaign in self.campaigns if action.slug in campaign.actions)

    def events_of_action(self, action: Action) -> tuple[Event, ...]:
        return tuple(event for event in self.events if action.slug in event.actions)

    def events_of_place(self, place: Place) -> tuple[Event, ...]:
        return tuple(event for event in self.events if event.place == place.slug)

    def untold_events_of_place(self, place: Place) -> tuple[Event, ...]:
        """The days there that no story of the place tells: beside one that does, a day would be told twice."""
        told = {story.slug for story in self.stories_of_place(place)}
        return tuple(event for event in self.events_of_place(place) if event.story not in told)

    def indicators_of_area(self, area: Area) -> tuple[Indicator, ...]:
        return tuple(indicator for indicator in self.indicators if indicator.area is area)

    def actions_of_member(self, member: Member) -> tuple[Action, ...]:
        return tuple(action for action in self.actions if action.area in member.areas)

    def joint_facts_elsewhere(self, member: Member) -> tuple[tuple[Member, int, JointFact], ...]:
        """What the pages of other members tell of *member*: whose page, its number there, the fact."""
        return tuple(
            (owner, number, fact)
            for owner in self.network.members
            if owner is not member
            for number, fact in enumerate(owner.named_with, 1)
            if member.slug in fact.members
        )

    @cached_property
    def headlines(self) -> tuple[Indicator, ...]:
        """The figures that stand in evidence."""
        return tuple(indicator for indicator in self.indicators if indicator.headline)

    @cached_property
    def coming_events(self) -> tuple[Event, ...]:
        """The events still to come, the next one first."""
        return tuple(
            sorted(
                (e for e in self.events if not e.is_past(self.today)),
                key=lambda e: (e.date, e.slug),
            )
        )

    @cached_property
    def past_events(self) -> tuple[Event, ...]:
        """The events that have been, the latest first."""
        past = (event for event in self.events if event.is_past(self.today))
        return tuple(sorted(past, key=lambda event: (event.date, event.slug), reverse=True))

    @cached_property
    def open_campaigns(self) -> tuple[Campaign, ...]:
        """The campaigns that can be given to."""
        return tuple(campaign for campaign in self.campaigns if campaign.open)

    @cached_property
    def open_amounts(self) -> tuple[int, ...]:
        """In euros, what to offer where the campaign is still to be chosen: the amounts most of them propose.

        As many as the campaign with most of them; of amounts that as many propose, the smaller ones.
        """
        proposed = Counter(euros for one in self.open_campaigns for euros in one.suggested_euros)
        most = max((len(one.suggested_euros) for one in self.open_campaigns), default=0)
        by_favour = sorted(proposed, key=lambda euros: (-proposed[euros], euros))
        return tuple(sorted(by_favour[:most]))

    @cached_property
    def open_frequencies(self) -> tuple[Frequency, ...]:
        """What to offer where the campaign is still to be chosen: how often one can give to any of them.

        Where they have nothing in common it is all that some allow, and the giving says which does not.
        """
        allowed = [set(one.frequencies) for one in self.open_campaigns]
        common = set.intersection(*allowed) if allowed else set()
        offered = common or set().union(*allowed)
        return tuple(frequency for frequency in Frequency if frequency in offered)

    def related_stories(self, story: Story, most: int = 3) -> tuple[Story, ...]:
        """The stories that share most with *story*; of those that share as much, the newest first."""

        ties = tuple((name, slug) for name in _TIE_WEIGHTS for slug in getattr(story, name))
        # Stories tied to the same things are next to the same others: each such bundle is weighed once.
        if (ties, most) not in self._nearest:
            self._nearest[ties, most] = self._weighed(ties, most + 1)
        others = [self.stories[position] for position in self._nearest[ties, most]]
        return tuple(other for other in others if other.slug != story.slug)[:most]

    def _weighed(self, ties: tuple[tuple[str, str], ...], most: int) -> list[int]:
        weights: Counter[int] = Counter()
        for name, slug in ties:
            answers = name == "actions" and slug in self._answering_actions
            weight = _TIE_WEIGHTS[name] + answers * _WEIGHT_OF_A_NEED
            for position in self._stories_tied[name, slug]:
                weights[position] += weight
        # Positions run from the newest story on, so they break a draw between equals.
        return heapq.nsmallest(most, weights, key=lambda position: (-weights[position], position))

    @cached_property
    def _answering_actions(self) -> frozenset[str]:
        """The actions that answer a need; the others serve the project."""
        return frozenset(slug for need in self.needs for slug in need.actions)

    @cached_property
    def _nearest(self) -> dict[tuple[tuple[tuple[str, str], ...], int], list[int]]:
        return {}

    @cached_property
    def _stories_tied(self) -> dict[tuple[str, str], list[int]]:
        """Which stories name what, so that each need not be compared with all the others."""
        tied: dict[tuple[str, str], list[int]] = defaultdict(list)
        for position, story in enumerate(self.stories):
            for name in _TIE_WEIGHTS:
                for slug in getattr(story, name):
                    tied[name, slug].append(position)
        return tied

    @cached_property
    def shelves(self) -> tuple[Shelf, ...]:
        """The archive of stories: by year, action, place, town, organisation."""
        return shelves(self.stories, self.actions, self.places, self.network)

    @cached_property
    def listings(self) -> tuple[Listing, ...]:
        """Every page no editor writes: those of the directory, those of the archive."""
        archive = tuple(listing for shelf in self.shelves for listing in shelf.listings)
        return self.network.listings + archive

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        """The address of every page, written or generated, and every short one, in order."""
        pages = (page.url for page in self.every_page())
        listings = (listing.url for listing in self.listings)
        short = (campaign.short_url for campaign in self.campaigns)
        return tuple(sorted((*pages, *listings, *short)))

    @property
    def shelf_titles(self) -> dict[str, str]:
        """What a reader calls each shelf that holds something, by its kind."""
        return {shelf.kind: shelf.title for shelf in self.shelves if shelf.listings}

    def labels(self, kind: str) -> tuple[Label, ...]:
        """The labels of the shelf of this kind, such as `anno`."""
        return next(shelf.labels for shelf in self.shelves if shelf.kind == kind)

    def listing_of(self, page: Page) -> Listing | None:
        """All stories that name this action, place or member; nothing where there is none."""
        return self._listings_about.get(page.url)

    @cached_property
    def _listings_about(self) -> dict[str | None, Listing]:
        return {one.about_url: one for one in self.listings if one.about_url}

    @cached_property
    def boards(self) -> tuple[Board, ...]:
        """What one can apply for today, on its two boards."""
        ordered = sorted(self.opportunities, key=lambda one: (one.expires, one.slug))
        still_open = [one for one in ordered if not one.is_expired(self.today)]
        courses = tuple(one for one in still_open if one.kind is OpportunityKind.COURSE)
        others = tuple(one for one in still_open if one.kind is not OpportunityKind.COURSE)
        return (
            Board("opportunita/", "Lavoro, tirocini, volontariato", Area.LAVORO, others),
            Board("corsi/", "Corsi", Area.FORMAZIONE, courses),
        )

    def board_at(self, url: str) -> Board:
        """The board whose index page is at *url*."""
        return next(board for board in self.boards if board.url == url)

    def board_of(self, action: Action) -> Board | None:
        """The board that the page of *action* shows, where it has one."""
        return next((board for board in self.boards if board.area is action.area), None)

    def progress(self, campaign: Campaign) -> Progress:
        """What came in for *campaign*, as the last totals say; nothing where there are none."""
        total = self.totals.campaigns.get(campaign.slug) if self.totals else None
        return Progress(
            confirmed_cents=total.confirmed_cents if total else 0,
            pending_cents=total.pending_cents if total else 0,
            gifts=total.gifts if total else 0,
            costs_cents=total.costs_cents if total else 0,
            goal_cents=campaign.goal_cents,
            as_of=self.totals.as_of if self.totals else None,
            is_test=self.totals is not None and self.totals.mode == "test",
        )

    @cached_property
    def _rooms(self) -> dict[str, str]:
        return {page.url: page.title for page in self.pages}

    def room_title(self, folder: str) -> str:
        """The title of the index page of *folder*; empty where it has none."""
        return self._rooms.get(f"{folder}/", "")

    def translations_of(self, original_url: str) -> tuple[Translation, ...]:
        """The translations of the Italian page at *original_url*, in the order languages are offered."""
        return self._translations.get(original_url, ())

    @cached_property
    def _translations(self) -> dict[str, tuple[Translation, ...]]:
        by_original: dict[str, tuple[Translation, ...]] = defaultdict(tuple)
        for translation in self.translations:
            by_original[translation.original] += (translation,)
        return dict(by_original)

    def original_of(self, translation: Translation) -> Page:
        """The Italian page that *translation* says in another language."""
        return self._originals[translation.original]

    @cached_property
    def _originals(self) -> dict[str, Page]:
        return {page.url: page for page in self.every_page() if not isinstance(page, Translation)}

    def home(self, language: str = "") -> Page | None:
        """The first page in *language*, the Italian one where it names none; nothing where there is none."""
        return self._homes.get(language)

    @cached_property
    def _homes(self) -> dict[str, Page]:
        translated = {page.language: page for page in self.translations_of("")}
        return {"": self._originals[""], **translated} if "" in self._originals else {}

    def is_hidden(self, page: Page) -> bool:
        """Whether who reads *page* may have to hide it; a translation as its original, or because it says a need."""
        if not isinstance(page, Translation):
            return page.sensitive
        original = self.original_of(page)
        return page.sensitive or original.sensitive or isinstance(original, Need)

    def translated_needs(self, language: str) -> tuple[Translation, ...]:
        """The needs in *language*, in the order of the home page."""
        return self._in_language(language, self.needs)

    def translated_places(self, language: str) -> tuple[Translation, ...]:
        """The places in *language*, by town as in Italian."""
        return self._in_language(language, self.places)

    def translated_places_of_need(
        self, need: Need, translation: Translation
    ) -> tuple[tuple[Translation, str | None], ...]:
        """Where to go with *need*, in the words of its *translation*, in the order of the Italian page."""
        return tuple(
            (one, translation.found_in(place.slug))
            for place, _ in self.places_of_need(need)
            for one in self._in_language(translation.language, [place])
        )

    def _in_language(self, language: str, pages: Iterable[Page]) -> tuple[Translation, ...]:
        found = (one for page in pages for one in self.translations_of(page.url))
        return tuple(one for one in found if one.language == language)

    def every_page(self) -> tuple[Page, ...]:
        """All pages people wrote, of every type."""
        return (
            self.pages + self.actions + self.needs + self.places + self.stories
            + self.events + self.opportunities + self.campaigns + self.issues + self.network.members
            + self.translations
        )  # fmt: skip

    @staticmethod
    def _by_slug(pages: Iterable[PageType]) -> dict[str, PageType]:
        return {page.slug: page for page in pages}
