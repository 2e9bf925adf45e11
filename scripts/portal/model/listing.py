"""A listing: the pages that share one value, on a page that no editor writes."""

from __future__ import annotations

from dataclasses import dataclass

from portal.model.page import Page
from portal.model.town import Town


@dataclass(frozen=True)
class Listing:
    """The members, or the stories, that share one value.

    *name* is the value as it is called among its siblings («Rho», «2016»),
    *title* the heading of its page, which has to say more where it stands alone.
    """

    folder: str
    """Where the listed pages live: `rete` or `storie`."""
    kind: str
    """What they share: `ruolo`, `comune`, `area`; `anno`, `azione`, `luogo`, `organizzazione`."""
    slug: str
    name: str
    title: str
    description: str
    """What a page of results or a chat says of it, in one sentence."""
    pages: tuple[Page, ...]
    town: Town | None = None
    about_url: str | None = None
    """The page of the value itself, where it has one: an action, a place, a member."""
    template: str = "listing.html"

    @property
    def url(self) -> str:
        """Where the listing is on the site."""
        return "/".join(part for part in (self.folder, self.kind, self.slug) if part) + "/"
