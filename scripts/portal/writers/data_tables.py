"""The tables of open data: the network, the places, the stories, the figures.

An empty cell means that no source says it, never that there is nothing. Codes
are those of the addresses of the pages, so that tables can be joined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from portal.model.area import Area
from portal.model.campaign import Campaign
from portal.model.indicator import Indicator, IndicatorKind, Measure
from portal.model.member import Evidence, Member, Role
from portal.model.place import Place
from portal.model.progress import Progress
from portal.model.site import Site
from portal.model.source import Source
from portal.model.story import Story
from portal.writers.data_column import (
    Column,
    address,
    number,
    page_address,
    signed_number,
    source_addresses,
    text,
    texts,
    whole_number,
    yes_or_no,
)
from portal.writers.data_file import DataFile
from portal.writers.data_table import DataTable
from portal.writers.network_files import NETWORK_GEOJSON, NETWORK_JSON

_REQUIRED = {"required": True}
_KEY = {"required": True, "unique": True}
_SOURCE_DATE = "anno, anno-mese o anno-mese-giorno; ~ davanti se è stimata, s.d. se manca"


def data_tables(site: Site, site_url: str) -> tuple[DataTable, ...]:
    """Every table of the site, in the order of the page that explains them."""
    return (
        _table(
            "rete",
            "La rete",
            "Le organizzazioni nel documento di progetto, una per riga.",
            ("id",),
            _member_columns(site, site_url),
            site.network.members,
            _sources_of(site.network.members),
            more_files=(NETWORK_GEOJSON, NETWORK_JSON),
        ),
        _table(
            "luoghi",
            "I luoghi",
            "I luoghi di #Oltreiperimetri. Prima di andarci guarda la voce «confermato».",
            ("id",),
            _place_columns(site, site_url),
            site.places,
            _sources_of(site.places),
        ),
        _table(
            "storie",
            "Le storie",
            "Le storie raccontate sul sito, dalla più recente, con chi e che cosa riguardano.",
            ("id",),
            _story_columns(site_url),
            site.stories,
            _sources_of(site.stories),
        ),
        _indicator_table("indicatori", "I numeri", site.indicators),
        _table(
            "raccolte",
            "Le campagne",
            "Le campagne per cui si dona e quanto è arrivato, in centesimi di euro. Le celle dei soldi sono vuote "
            "finché non c'è un totale; «prova» vuol dire che non sono soldi veri.",
            ("id",),
            _campaign_columns(site, site_url),
            site.campaigns,
            (),
        ),
    )


def indicator_table(indicator: Indicator) -> DataTable:
    """The table of one indicator alone, with the same fields as the table of all."""
    return _indicator_table(indicator.id, indicator.title, (indicator,))


def _member_columns(site: Site, site_url: str) -> tuple[Column, ...]:
    def in_town(read: Callable[[Any], Any]) -> Callable[[Member], Any]:
        return lambda member: read(site.network.town(member.town)) if member.town else None

    return (
        text("id", "Il codice dell'organizzazione.", lambda m: m.slug, _KEY),
        text("nome", "Il nome con cui la si conosce.", lambda m: m.title, _REQUIRED),
        text("nome_ufficiale", "Il nome ufficiale per intero.", lambda m: m.official_name),
        text("nome_2014", "Il nome nel documento di progetto, se oggi è un altro.", lambda m: m.name_2014),
        text("ruolo", "Il ruolo che ha nel documento di progetto.", lambda m: m.role.value, _one_of(Role)),
        text("forma", "La forma giuridica.", lambda m: m.kind, _REQUIRED),
        texts("aree", "Le aree del progetto in cui una fonte la nomina.", lambda m: [a.value for a in m.areas]),
        text("settore", "Di che cosa si occupa.", lambda m: m.sector),
        text("descrizione", "Una o due frasi che la presentano.", lambda m: m.description, _REQUIRED),
        text("comune", "Il comune della sede, o dello sportello se «tipo_indirizzo» lo dice.",
             in_town(lambda town: town.name)),
        text("comune_istat", "Il codice ISTAT del comune, sei cifre.", in_town(lambda town: town.istat)),
        text("indirizzo", "L'indirizzo.", lambda m: m.address),
        text("tipo_indirizzo", "Che cos'è l'indirizzo, se non è la sede.", lambda m: m.address_kind),
        text("indirizzo_visto", f"La data della fonte dell'indirizzo: {_SOURCE_DATE}.",
             lambda m: m.address_seen and m.address_seen.text),
        number("lat", "La latitudine di un punto del comune (WGS 84), non della sede.", in_town(lambda t: t.lat)),
        number("lon", "La longitudine di un punto del comune (WGS 84), non della sede.", in_town(lambda t: t.lon)),
        text("precisione", "Quanto sono precise le coordinate: sempre e solo il comune.",
             in_town(lambda town: "comune"), {"enum": ["comune"]}),
        address("sito", "Il sito dell'organizzazione.", lambda m: m.website),
        text("prove", "Quanto dicono le fonti pubbliche.", lambda m: m.evidence.value, _one_of(Evidence)),
        source_addresses(),
        page_address(site_url),
    )  # fmt: skip


def _place_columns(site: Site, site_url: str) -> tuple[Column, ...]:
    return (
        text("id", "Il codice del luogo.", lambda p: p.slug, _KEY),
        text("nome", "Il nome.", lambda p: p.title, _REQUIRED),
        text("descrizione", "Una o due frasi che lo presentano.", lambda p: p.description, _REQUIRED),
        text("comune", "Il comune.", lambda p: site.network.town(p.town).name, _REQUIRED),
        text("comune_istat", "Il codice ISTAT del comune, sei cifre.", lambda p: site.network.town(p.town).istat),
        text("indirizzo", "Via e numero, se si conoscono.", lambda p: p.address),
        text("indirizzo_visto", f"La data della fonte dell'indirizzo: {_SOURCE_DATE}.",
             lambda p: p.address_seen and p.address_seen.text),
        text("telefono", "Il telefono pubblico.", lambda p: p.phone),
        texts("orari", "Giorno e ore di apertura.", lambda p: [f"{h.day} {h.opens}–{h.closes}" for h in p.hours]),
        text("aperto_dal", f"Quando ha aperto: {_SOURCE_DATE}.", lambda p: p.opened and p.opened.text),
        texts("azioni", "I codici delle azioni che ospita.", lambda p: list(p.actions)),
        texts("organizzazioni", "Chi c'era dall'inizio: i codici nella tabella «rete».", lambda p: list(p.members)),
        yes_or_no("confermato", "Se una persona ha verificato che i dati sono veri oggi.", lambda p: p.confirmed),
        source_addresses(),
        page_address(site_url),
    )  # fmt: skip


def _story_columns(site_url: str) -> tuple[Column, ...]:
    return (
        text("id", "Il codice della storia: non cambia mai.", lambda s: s.id, _KEY),
        text("titolo", "Il titolo.", lambda s: s.title, _REQUIRED),
        text("descrizione", "Una o due frasi che la riassumono.", lambda s: s.description, _REQUIRED),
        text("data", "Il giorno del fatto o della fonte; il mese, se si sa solo quello.", lambda s: s.date.text,
             {"required": True, "pattern": r"\d{4}-\d{2}(-\d{2})?"}),
        texts("azioni", "I codici delle azioni.", lambda s: list(s.actions)),
        texts("luoghi", "I codici nella tabella «luoghi».", lambda s: list(s.places)),
        texts("organizzazioni", "I codici nella tabella «rete».", lambda s: list(s.members)),
        texts("comuni", "I comuni, come si scrivono negli indirizzi del sito.", lambda s: list(s.towns)),
        source_addresses(),
        page_address(site_url),
    )  # fmt: skip


def _campaign_columns(site: Site, site_url: str) -> tuple[Column, ...]:
    def counted(read: Callable[[Progress], int | None]) -> Callable[[Campaign], int | None]:
        """A figure of the totals, empty where there are none yet."""

        def value(campaign: Campaign) -> int | None:
            progress = site.progress(campaign)
            return None if progress.as_of is None else read(progress)

        return value

    def as_of(campaign: Campaign) -> str | None:
        moment = site.progress(campaign).as_of
        return moment.isoformat() if moment else None

    return (
        text("id", "Il codice della campagna.", lambda c: c.slug, _KEY),
        text("titolo", "Il titolo.", lambda c: c.title, _REQUIRED),
        text("riceve", "Il nome ufficiale di chi riceve i soldi.",
             lambda c: site.recipient(c.recipient).legal_name, _REQUIRED),
        yes_or_no("aperta", "Se si può ancora donare.", lambda c: c.open),
        yes_or_no("esempio", "Se è un esempio, che non raccoglie soldi veri.", lambda c: c.example),
        signed_number("obiettivo_cent", "L'obiettivo, se c'è.", lambda c: site.progress(c).goal_cents),
        signed_number("confermati_cent", "I soldi arrivati, meno quelli restituiti.",
              counted(lambda p: p.confirmed_cents)),
        signed_number("in_attesa_cent", "I doni avviati e non ancora arrivati.", counted(lambda p: p.pending_cents)),
        signed_number("costi_cent", "Quanto sono costati i pagamenti.", counted(lambda p: p.costs_cents)),
        signed_number("doni", "Quanti doni contano.", counted(lambda p: p.gifts)),
        yes_or_no(
            "prova",
            "Se i soldi sono di prova: lo sono sempre, finché la campagna è un esempio.",
            lambda c: c.example or site.progress(c).is_test,
        ),
        text("aggiornato", "Il momento dei totali, in UTC.", as_of),
        page_address(site_url),
    )  # fmt: skip


def _indicator_table(name: str, title: str, indicators: tuple[Indicator, ...]) -> DataTable:
    """One row for each published value: an indicator and one of its measures."""
    rows = [(indicator, measure) for indicator in indicators for measure in indicator.measures]
    return _table(
        name,
        title,
        "I valori pubblicati, uno per riga. I periodi possono sovrapporsi: i valori non si sommano.",
        (),
        _measure_columns(),
        rows,
        _distinct(measure.source for _, measure in rows),
    )


def _measure_columns() -> tuple[Column, ...]:
    def of_indicator(read: Callable[[Indicator], Any]) -> Callable[[Any], Any]:
        return lambda row: read(row[0])

    def of_measure(read: Callable[[Measure], Any]) -> Callable[[Any], Any]:
        return lambda row: read(row[1])

    return (
        text("indicatore", "Il codice dell'indicatore.", of_indicator(lambda i: i.id), _REQUIRED),
        text("titolo", "Che cosa si è contato.", of_indicator(lambda i: i.title), _REQUIRED),
        text("tipo", "output se conta un'attività, outcome se conta un cambiamento, signal se è solo un segnale.",
             of_indicator(lambda i: i.kind.value), _one_of(IndicatorKind)),
        text("area", "L'area del progetto.", of_indicator(lambda i: i.area.value), _one_of(Area)),
        text("periodo", "Il periodo contato, come lo scrive la fonte.", of_measure(lambda m: m.period), _REQUIRED),
        whole_number("valore", "Il valore pubblicato.", of_measure(lambda m: m.value)),
        text("approssimazione", "La parola con cui la fonte arrotonda, se arrotonda.",
             of_measure(lambda m: m.qualifier)),
        text("unita", "L'unità del valore.", lambda row: row[1].unit or row[0].unit, _REQUIRED),
        text("cautela", "Che cosa il numero non dice.", of_indicator(lambda i: i.limits), _REQUIRED),
        text("fonte", "Chi lo dice.", of_measure(lambda m: m.source.title), _REQUIRED),
        address("fonte_indirizzo", "La pagina della fonte, se è in rete.", of_measure(lambda m: m.source.url)),
        text("fonte_data", f"La data della fonte: {_SOURCE_DATE}.",
             of_measure(lambda m: m.source.date.text), _REQUIRED),
    )  # fmt: skip


def _table(
    name: str,
    title: str,
    description: str,
    primary_key: tuple[str, ...],
    columns: tuple[Column, ...],
    items: Iterable[Any],
    sources: tuple[Source, ...],
    more_files: tuple[DataFile, ...] = (),
) -> DataTable:
    return DataTable(
        name=name,
        title=title,
        description=description,
        primary_key=primary_key,
        fields=tuple(field for field, _ in columns),
        rows=tuple({field.name: read(item) for field, read in columns} for item in items),
        sources=sources,
        more_files=more_files,
    )


def _one_of(values: Iterable[Any]) -> dict[str, Any]:
    return {"required": True, "enum": [value.value for value in values]}


def _sources_of(items: Iterable[Member | Place | Story]) -> tuple[Source, ...]:
    return _distinct(source for item in items for source in item.sources)


def _distinct(sources: Iterable[Source]) -> tuple[Source, ...]:
    """Every source once, by name and address, whatever date it is cited with."""
    found = {(source.title, source.url or ""): source for source in sources}
    return tuple(found[key] for key in sorted(found))
