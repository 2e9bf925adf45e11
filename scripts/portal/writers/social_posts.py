"""Social posts: the words and the square picture of a story, for whoever publishes them by hand.

Nothing is posted from here. A story that somebody may have to hide has none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from portal.model.site import Site
from portal.model.story import Story
from portal.writers.absolute_links import absolute_url
from portal.writers.formats import italian_date
from portal.writers.posters import POSTER_TEMPLATES, poster_compiler

SHORT = 280
"""Letters of the shortest post that networks allow, the whole address counted."""

_TAG = "#Oltreiperimetri"


@dataclass(frozen=True)
class SocialPost:
    """What to post about a story: a short text, a long one, and what the picture says in words."""

    short: str
    long: str
    alt: str
    caution: str = ""

    def as_text(self) -> str:
        """All of it as a file to copy from."""
        parts = [
            ("POST BREVE", f"{self.short}\n\n({len(self.short)} caratteri su {SHORT})"),
            ("POST LUNGO", self.long),
            ("DESCRIZIONE DELL'IMMAGINE", self.alt),
        ]
        if self.caution:
            parts.insert(0, ("PRIMA DI PUBBLICARE", self.caution))
        return "\n\n".join(f"== {title} ==\n\n{text}" for title, text in parts) + "\n"


def social_post(story: Story, site: Site, site_url: str) -> SocialPost:
    """Write what to post about *story*."""
    address = absolute_url(site_url, story.url)
    towns = [site.network.town(town).name for town in story.towns]
    tags = " ".join([_TAG, *(f"#{name.replace(' ', '').replace('-', '')}" for name in towns[:3])])
    title = story.title if story.title[-1] in ".!?…»" else f"{story.title}."
    room = SHORT - len(f"{title} \n\n{address}\n{_TAG}")
    short = f"{title} {_cut(story.description, room)}".strip() + f"\n\n{address}\n{_TAG}"
    long = "\n\n".join(
        (title, story.description, f"La storia intera, con le sue fonti: {address}", tags)
    )
    where = f", {_listed(towns)}" if towns else ""
    caution = (
        "In questa storia si riconosce una persona: controlla che il suo consenso valga anche per i social."
        if story.real_person
        else ""
    )
    return SocialPost(
        short,
        long,
        f"Su fondo giallo, il titolo «{story.title}»; sotto, {italian_date(story.date)}{where}.",
        caution,
    )


def write_social_posts(
    stories: Iterable[Story], site: Site, site_url: str
) -> Iterator[tuple[str, bytes]]:
    """Write text and picture (PNG) of each story, one after the other, as (file name, bytes)."""
    compiler = poster_compiler()
    for story in stories:
        towns = _listed([site.network.town(town).name for town in story.towns])
        shown = {"title": story.title, "day": italian_date(story.date), "places": towns}
        picture = compiler.compile(
            input=POSTER_TEMPLATES / "square.typ",
            format="png",
            ppi=72,
            sys_inputs={"square": json.dumps(shown)},
        )
        assert isinstance(picture, bytes)  # One page: not a list of pictures.
        yield f"{story.slug}.png", picture
        yield f"{story.slug}.txt", social_post(story, site, site_url).as_text().encode()


def _cut(text: str, room: int) -> str:
    """*text*, or as many whole words of it as fit into *room*, and an ellipsis."""
    if len(text) <= room:
        return text
    return text[: max(0, room)].rpartition(" ")[0].rstrip(" ,;:.–") + "…" if room > 1 else ""


def _listed(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= 3 else f"{', '.join(names[:3])} e altri"
