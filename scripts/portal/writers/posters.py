"""Posters: a sheet to hang for each place and each open campaign, A4 and A3, with its code."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portal.model.campaign import Campaign
from portal.model.place import Place
from portal.model.site import Site
from portal.writers.absolute_links import absolute_url
from portal.writers.qr import draw_qr_file

if TYPE_CHECKING:
    import typst

POSTER_TEMPLATES = Path(__file__).parents[3] / "theme" / "posters"
PAPERS = ("a4", "a3")


@dataclass(frozen=True)
class Fact:
    """Something one wants to know before going: a label, and what is known, a line each."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Poster:
    """What a poster says; *leads_to* is where its code brings, relative to the site's root."""

    name: str
    eyebrow: str
    title: str
    text: str
    facts: tuple[Fact, ...]
    note: str
    leads_to: str


def poster_list(site: Site) -> tuple[Poster, ...]:
    """Every poster of the site: places first, then the campaigns one can still give to."""
    places = (_of_place(place, site) for place in site.places)
    return (*places, *(_of_campaign(campaign, site) for campaign in site.open_campaigns))


def poster_compiler() -> typst.Compiler:
    """Typst with the templates and the fonts of the posters, and no others."""
    import typst

    return typst.Compiler(
        root=POSTER_TEMPLATES,
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[POSTER_TEMPLATES]),
        ignore_system_fonts=True,
    )


def write_posters(
    site: Site, site_url: str, printed_on: datetime.date
) -> Iterator[tuple[str, bytes]]:
    """Draw every poster on every paper, one after the other, as (file name, PDF/UA-1)."""
    compiler = poster_compiler()
    moment = datetime.datetime.combine(printed_on, datetime.time(), datetime.UTC)
    for poster in poster_list(site):
        address = absolute_url(site_url, poster.leads_to)
        said = address.removeprefix("https://").removeprefix("http://").rstrip("/")
        code = draw_qr_file(address).decode()
        for paper in PAPERS:
            facts: dict[str, Any] = asdict(poster) | {"paper": paper, "address": said}
            pdf = compiler.compile(
                input=POSTER_TEMPLATES / "poster.typ",
                format="pdf",
                pdf_standards="ua-1",
                sys_inputs={"poster": json.dumps(facts), "code": code},
                timestamp=moment,
            )
            assert isinstance(pdf, bytes)  # Only images come as a list, a page each.
            yield f"{poster.name}-{paper}.pdf", pdf


def _of_place(place: Place, site: Site) -> Poster:
    town = site.network.town(place.town).name
    where = f"{place.address}, {town}" if place.address else f"{town} (via e numero da confermare)"
    hours = tuple(f"{hours.day} {hours.opens}–{hours.closes}" for hours in place.hours)
    facts = [Fact("Dove", (where,)), Fact("Quando", hours or ("giorni e orari da confermare",))]
    if place.phone:
        facts.append(Fact("Telefono", (place.phone,)))
    note = (
        ""
        if place.confirmed
        else "Da confermare prima di stampare: nessuno ha ancora verificato questi dati."
    )
    return Poster(
        f"luogo-{place.slug}",
        "Passa di qui",
        place.title,
        place.description,
        tuple(facts),
        note,
        place.url,
    )


def _of_campaign(campaign: Campaign, site: Site) -> Poster:
    example = "Esempio: questa campagna non prende soldi veri." if campaign.example else ""
    receives = "Chi riceverebbe i soldi" if campaign.example else "Chi riceve i soldi"
    return Poster(
        f"campagna-{campaign.slug}",
        "Dai una mano",
        campaign.title,
        campaign.description,
        (Fact(receives, (site.recipient(campaign.recipient).name,)),),
        example,
        campaign.short_url,
    )
