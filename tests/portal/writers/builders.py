"""Builders of plain cases: tests change only what they are about."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

from portal.model.action import Action
from portal.model.campaign import Campaign, Recipient
from portal.model.event import Event
from portal.model.indicator import Indicator
from portal.model.issue import Issue
from portal.model.member import Member
from portal.model.need import Need
from portal.model.network import Network
from portal.model.opportunity import Opportunity
from portal.model.page import Page
from portal.model.place import Place
from portal.model.site import Site
from portal.model.source import Source
from portal.model.story import Story
from portal.model.town import Boundary, Town
from portal.model.translation import Translation
from portal.model.words import Words

A_SOURCE = Source(title="Legnanonews", url="https://www.esempio.it/articolo", date="2017-12-01")


_MARKS = {
    "address_seen": "{date}", "address_seen_in": "{year}", "address_seen_about": "{year}", "weight": "{kilobytes}",
    "last_checked": "{date}", "newest_source": "{date}", "about_date": "{date}",
}  # fmt: skip


def some_words() -> dict[str, str]:
    """Every word of the page frame, with the mark that must be in it."""
    return {
        name: f"the words for {name} {_MARKS.get(name, '')}".strip() for name in Words.model_fields
    }


def a_story(slug: str = "2016-05-12-officina", **fields: Any) -> Story:
    plain = {
        "slug": slug,
        "id": "st-2016-001",
        "title": "L'officina che non chiude",
        "description": "Una bottega di biciclette diventa il posto dove ci si aiuta.",
        "date": datetime.date(2016, 5, 12),
        "sources": (A_SOURCE,),
    }
    return Story(**{**plain, **fields})


def an_action(slug: str = "job-community", **fields: Any) -> Action:
    plain = {
        "slug": slug,
        "number": 2,
        "area": "lavoro",
        "title": "Job community",
        "description": "Chi cerca lavoro lo cerca insieme agli altri.",
        "for_whom": "Per chi cerca lavoro e non vuole cercarlo da solo.",
        "sources": (A_SOURCE,),
    }
    return Action(**{**plain, **fields})


def an_event(slug: str = "2018-11-30-festa", **fields: Any) -> Event:
    plain = {
        "slug": slug,
        "id": "ev-2018-001",
        "title": "La festa di fine progetto",
        "description": "Una mattina insieme per raccontare tre anni di lavoro.",
        "date": datetime.date(2018, 11, 30),
        "sources": (A_SOURCE,),
    }
    return Event(**{**plain, **fields})


def an_opportunity(slug: str = "2026-11-01-aiuto-panettiere", **fields: Any) -> Opportunity:
    plain = {
        "slug": slug,
        "id": "op-2026-001",
        "kind": "lavoro",
        "title": "Aiuto panettiere",
        "description": "Un forno cerca chi si alza presto e non ha paura della farina.",
        "date": datetime.date(2026, 11, 1),
        "expires": datetime.date(2026, 12, 31),
        "organisation": "Forno di piazza",
        "how": "Passa dal forno dopo le dieci.",
        "sources": (A_SOURCE,),
    }
    return Opportunity(**{**plain, **fields})


def a_place(slug: str = "opcafe-rho", **fields: Any) -> Place:
    plain = {
        "slug": slug,
        "title": "#OPcafé di Rho",
        "description": "Una stanza con un banco, qualche tavolo e la porta aperta.",
        "town": "rho",
        "sources": (A_SOURCE,),
    }
    return Place(**{**plain, **fields})


def a_need(slug: str = "lavoro", **fields: Any) -> Need:
    plain = {
        "slug": slug,
        "order": 1,
        "icon": "lavoro",
        "title": "Cerco lavoro",
        "description": "Chi può aiutarti a cercare lavoro, e dove trovarlo.",
        "sources": (A_SOURCE,),
    }
    return Need(**{**plain, **fields})


def a_page(slug: str = "privacy", **fields: Any) -> Page:
    plain = {
        "slug": slug,
        "title": "La tua privacy",
        "description": "Che cosa sappiamo di te quando leggi: niente.",
    }
    return Page(**{**plain, **fields})


def a_recipient(recipient_id: str = "sercop", **fields: Any) -> Recipient:
    plain = {"id": recipient_id, "name": "Sercop", "legal_name": "Ser.Co.P.", "kind": "public_body"}
    return Recipient(**{**plain, **fields})


def a_campaign(slug: str = "colazione-delle-mamme", **fields: Any) -> Campaign:
    plain = {
        "slug": slug,
        "title": "La colazione delle mamme",
        "description": "Un caffè e due chiacchiere per le mamme del quartiere.",
        "recipient": "sercop",
        "goal_euros": 5000,
        "suggested_euros": (10, 25, 50),
    }
    return Campaign(**{**plain, **fields})


def an_issue(slug: str = "1", **fields: Any) -> Issue:
    plain = {
        "slug": slug,
        "title": "Si riparte dal caffè",
        "description": "Le storie di novembre e un appuntamento da segnare.",
        "date": datetime.date(2026, 11, 30),
        "stories": ("2016-05-12-officina",),
    }
    return Issue(**{**plain, **fields})


def an_indicator(*measures: dict[str, Any], **fields: Any) -> Indicator:
    plain = {
        "id": "colloqui-lavoro",
        "title": "Colloqui individuali per il lavoro",
        "unit": "colloqui",
        "kind": "output",
        "area": "lavoro",
        "order": 1,
        "reading": "In tre anni i colloqui sono stati milleseicento.",
        "measures": tuple({"source": A_SOURCE, **measure} for measure in measures),
    }
    return Indicator(**{**plain, **fields})


def a_member(slug: str, **fields: Any) -> Member:
    plain = {
        "slug": slug,
        "order": 1,
        "title": slug.replace("-", " ").capitalize(),
        "description": "Una delle organizzazioni della rete di #Oltreiperimetri.",
        "role": "accordo",
        "kind": "associazione",
        "evidence": "parziale",
        "sources": (A_SOURCE,),
    }
    return Member(**{**plain, **fields})


def a_town(town_id: str, lon: float, lat: float, **fields: Any) -> Town:
    plain = {
        "id": town_id,
        "name": town_id.replace("-", " ").title(),
        "istat": "015182",
        "population": 1000,
        "lat": lat,
        "lon": lon,
        "in_project": True,
    }
    return Town(**{**plain, **fields})


def a_boundary(west: float, south: float, east: float, north: float, **fields: Any) -> Boundary:
    """A rectangular municipality."""
    ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return Boundary(
        **{"istat": "015182", "name": "Rho", "in_project": True, "rings": (ring,), **fields}
    )


def a_translation(original: str, language: str = "en", **fields: Any) -> Translation:
    """The page at *original* in another language."""
    plain = {
        "slug": f"{language}/{original}",
        "title": "In other words",
        "description": "Who can help you, and where to find them.",
        "source_hash": "0123456789ab",
        "translated": "2026-11-22",
    }
    return Translation(**{**plain, "language": language, "original": original, **fields})


def a_site(**fields: Any) -> Site:
    """A site of which nothing is written but *fields*."""
    plain: dict[str, Any] = dict.fromkeys((field.name for field in dataclasses.fields(Site)), ())
    plain |= {"today": datetime.date(2026, 11, 22), "network": Network((), (), ()), "totals": None}
    return Site(**{**plain, **fields})
