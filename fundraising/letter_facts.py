"""Letter facts: what letters say that are not about one gift.

Everything is a plain value by the time it gets here; the templates only put it
into sentences.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit


def refuse_strange_links(*urls: str | None) -> None:
    """Raise ValueError for an address no letter may link to."""
    for url in urls:
        if url is not None and urlsplit(url).scheme not in ("http", "https"):
            raise ValueError(f"a letter cannot link to {url!r}, which is no web address")


@dataclass(frozen=True, kw_only=True)
class SignInFacts:
    """The way into a donor's area; *url* works once."""

    email: str
    first_name: str
    url: str
    livemode: bool

    def __post_init__(self) -> None:
        refuse_strange_links(self.url)


@dataclass(frozen=True, kw_only=True)
class PlanFacts:
    """A recurring gift that has ended. *gave_up* when it was for payments that failed."""

    email: str
    first_name: str
    amount_cents: int
    frequency: str
    campaign_title: str
    recipient_name: str
    again_url: str
    gave_up: bool
    livemode: bool

    def __post_init__(self) -> None:
        refuse_strange_links(self.again_url)


@dataclass(frozen=True, kw_only=True)
class SupersededFacts:
    """Of two new amounts paid for one recurring gift, the one that ended; the other goes on.

    Its own payment *has_arrived*, or is a debit on its way.
    """

    email: str
    first_name: str
    amount_cents: int
    has_arrived: bool
    goes_on_with_cents: int
    frequency: str
    campaign_title: str
    recipient_name: str
    area_url: str
    livemode: bool

    def __post_init__(self) -> None:
        refuse_strange_links(self.area_url)


@dataclass(frozen=True, kw_only=True)
class CardFacts:
    """The card for a dedication. *donor* is None when they want to stay unnamed."""

    email: str
    name: str
    in_memory: bool
    donor: str | None
    text: str | None
    campaign_title: str
    campaign_url: str
    recipient_name: str
    livemode: bool
    first_name: str = ""

    def __post_init__(self) -> None:
        refuse_strange_links(self.campaign_url)

    @property
    def lines(self) -> list[str]:
        """What the donor wrote, line by line."""
        return [line.strip() for line in (self.text or "").splitlines() if line.strip()]


@dataclass(frozen=True)
class YearGift:
    """One gift of a yearly summary, net of what was given back."""

    given_on: date
    cents: int
    title: str
    receipt: str | None


@dataclass(frozen=True, kw_only=True)
class YearFacts:
    """What somebody gave in a year."""

    email: str
    first_name: str
    year: int
    gifts: tuple[YearGift, ...]
    area_url: str
    livemode: bool

    def __post_init__(self) -> None:
        refuse_strange_links(self.area_url)
        if not self.gifts:
            raise ValueError(f"there is nothing to sum up in {self.year}")

    @property
    def total_cents(self) -> int:
        """All of it."""
        return sum(gift.cents for gift in self.gifts)


@dataclass(frozen=True, kw_only=True)
class ReaderFacts:
    """What somebody reads or would like to: the *titles* of the letters, and where *url* leads."""

    email: str
    titles: tuple[str, ...]
    url: str
    livemode: bool
    first_name: str = ""

    def __post_init__(self) -> None:
        refuse_strange_links(self.url)
