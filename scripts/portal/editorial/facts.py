"""Facts a machine can weigh: the weekday of a date, and figures that no source stands near."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping

from portal.editorial.desk import Desk, is_italian
from portal.editorial.finding import Finding, Rule
from portal.editorial.manuscript import Block, Manuscript
from portal.model.dates import MONTHS, WEEKDAYS, SourceDate
from portal.model.event import Event
from portal.model.issue import Issue
from portal.model.opportunity import Opportunity

_DATE = re.compile(
    rf"(?P<day>\d(?<![\d.,–-].)\d?)°?\s+(?P<month>{'|'.join(MONTHS)})\b(?:\s+(?P<year>\d{{4}})\b)?",
    re.IGNORECASE,
)
_WEEKDAY_BEFORE = re.compile(
    rf"\b(?P<weekday>{'|'.join(WEEKDAYS).replace('ì', '[iì]')}),?\s+\Z", re.IGNORECASE
)
_FIGURE = re.compile(
    r"(?P<number>\d{1,3}(?:\.\d{3}){1,4}|\d{1,12})(?:,\d{1,9})?(?![\w:/°-]|\.\d|,\d)"
    r"(?P<unit>\s?(?:%|€|euro\b|mila\b|milion[ei]\b|miliard[oi]\b|per cento\b))?"
)
_PART_OF_ANOTHER = re.compile(r"[\w.,:/–°§#-]\Z")
_NO_COUNT_BEFORE = re.compile(
    r"(?:\b(?:via|viale|vicolo|piazza|piazzale|piazzetta|corso|largo|strada|villa|cap|tel|telefono|numero|n|art|"
    r"articolo|legge|decreto|d\.lgs|pagina|pag|riga|capitolo|fascia|alle|dalle|ore|le|entro le|verso le|gli anni|"
    r"anni)\.?\s+(?:[\w'’.]+\s+){0,3}|\b(?:alle|dalle|ore)\s+\d{1,2}(?:[.:]\d{2})?\s+(?:e|alle|a)\s+)$",
    re.IGNORECASE,
)
_TIME_AFTER = re.compile(
    rf"(?:\s*(?:e|o|-|–)\s*(?:i\s+)?\d{{1,2}})?\s+(?:anni|mesi|giorni|settimane|ore|minuti|{'|'.join(MONTHS)})\b",
    re.IGNORECASE,
)
_DATED_FOLDERS = frozenset({"storie", "agenda", "opportunita"})
_PLAIN_DATE = re.compile(r"\d{4}(?:-\d{2}){1,2}")
_DATED_NAME = re.compile(r"(?P<date>\d{4}(?:-\d{2}){1,2})-")


def _weekdays(page: Manuscript, desk: Desk) -> Iterator[Finding]:
    if not is_italian(page.path):
        return
    known = desk.pages.get(page.path)
    about: datetime.date | None = None
    if isinstance(known, Event | Issue):
        about = known.date
    elif isinstance(known, Opportunity):
        about = known.expires
    is_ahead = about is not None and about >= desk.today
    if page.words.isdisjoint(MONTHS):
        return
    for block in page.blocks:
        for match in _DATE.finditer(block.text):
            day = _day_of(match, about)
            if day is None:
                continue
            before = _WEEKDAY_BEFORE.search(block.text, max(0, match.start() - 14), match.start())
            date, right = " ".join(match[0].split()), WEEKDAYS[day.weekday()]
            line, example = block.line_at(match.start()), f"«{right} {date}»"
            if before and before["weekday"].lower()[:3] != right[:3]:
                yield Finding(
                    page.path, block.line_at(before.start()), WEEKDAY.id,
                    " ".join((before[0] + match[0]).split()),
                    f"il {date} {'è' if day >= desk.today else 'era'} {right}, non {before['weekday'].lower()}: "
                    "una delle due cose è sbagliata. Controlla sulla fonte.",
                    example,
                )  # fmt: skip
            elif not before and is_ahead and day >= desk.today and block.kind != "heading":
                yield Finding(
                    page.path, line, WEEKDAY.id, date,
                    "manca il giorno della settimana: è quello che si ricorda.",
                    example,
                )  # fmt: skip


def _day_of(match: re.Match[str], about: datetime.date | None) -> datetime.date | None:
    """The day that a date in words means; one without its year is that of the page's own day, or unknown."""
    month = MONTHS.index(match["month"].lower()) + 1
    day = int(match["day"])
    year = int(match["year"]) if match["year"] else None
    if year is None and about and (about.month, about.day) == (month, day):
        year = about.year
    try:
        return datetime.date(year, month, day) if year else None
    except ValueError:
        return None


def _figures(page: Manuscript, desk: Desk) -> Iterator[Finding]:
    """The first figure of each section that has no source in its paragraph, nor in the ones around it."""
    if page.folder not in ("storie", "valutazione", "azioni"):
        return
    listed = page.data.get("sources")
    sources = (
        [source for source in listed if isinstance(source, dict)]
        if isinstance(listed, list)
        else []
    )
    publishers = [_publisher(source) for source in sources]
    if len(set(publishers)) == 1:
        return  # with one source there is no doubt where a figure comes from
    names = {name for title in publishers for name in _names_of(title)}
    in_links = " ".join(link.words for link in page.links)
    blocks = [block for block in page.blocks if not _is_description(page, block)]
    cites = [block.kind != "heading" and _cites(page, block, names) for block in blocks]
    told: set[str] = set()
    said_in_section = is_listed = False
    for number, block in enumerate(blocks):
        if block.kind == "heading":
            said_in_section = is_listed = False
            continue
        near = any(cites[max(0, number - 1) : number + 2]) or (block.kind == "item" and is_listed)
        is_listed = near
        fresh = [
            figure
            for figure in _counts(block.prose)
            if figure["number"] not in told and figure[0] not in in_links
        ]
        told |= {figure["number"] for figure in fresh}
        if near or said_in_section or not fresh:
            continue
        said_in_section = True
        said = " ".join(fresh[0][0].split())
        yield Finding(
            page.path,
            block.line + block.prose.count("\n", 0, fresh[0].start()),
            FIGURES.id,
            said,
            f"qui accanto non si legge chi dice «{said}»"
            + (
                f", e la pagina ha più fonti: {', '.join(dict.fromkeys(publishers))}."
                if sources
                else "."
            ),
            f"«{said} … ({_citation(sources)})»",
        )


def _citation(sources: list[dict[str, object]]) -> str:
    """One source as it is cited: the first of the page, or one to show how."""
    if not sources:
        return "Legnanonews, dicembre 2018"
    try:
        date = SourceDate(str(sources[0].get("date", ""))).in_italian
    except ValueError:
        return _publisher(sources[0])
    return f"{_publisher(sources[0])}, {date}"


def _names_of(publisher: str) -> Iterator[str]:
    """How a text may call a source: by its name, the parts of it, «il blog» or «il giornale comunale»."""
    lowered = publisher.lower()
    yield from (part.strip() for part in lowered.split(",") if len(part.strip()) > 3)
    words = lowered.split()
    if words[:1] and words[0] in ("blog", "giornale", "sito", "documento"):
        yield words[0]


def _publisher(source: Mapping[str, object]) -> str:
    title = source.get("title")
    return title.strip() if isinstance(title, str) else ""


def _is_description(page: Manuscript, block: Block) -> bool:
    return block is page.blocks[0] and bool(page.data.get("description"))


def _cites(page: Manuscript, block: Block, names: set[str]) -> bool:
    """Whether a block says where its figures come from: a source by name, a link outwards, a parenthesis."""
    if block.prose != block.text:
        return True
    text = block.text.lower()
    if any(name in text for name in names):
        return True
    last = block.line + block.text.count("\n")
    return any(
        block.line <= link.line <= last and link.address.startswith("http") for link in page.links
    )


def _counts(text: str) -> Iterator[re.Match[str]]:
    """The numbers of *text* that count something: no years, hours, dates, addresses or small numbers."""
    for match in _FIGURE.finditer(text):
        if _PART_OF_ANOTHER.match(text[match.start() - 1 : match.start()]):
            continue
        number = int(match["number"].replace(".", ""))
        if match["unit"] or (
            number > 12
            and not (1900 <= number <= 2100 and "." not in match["number"])
            and not _TIME_AFTER.match(text, match.end())
            and not _NO_COUNT_BEFORE.search(text[max(0, match.start() - 48) : match.start()])
        ):
            yield match


def _file_dates(page: Manuscript, desk: Desk) -> Iterator[Finding]:
    """The day in the name of the file, where it is not the one the page says."""
    named = _DATED_NAME.match(page.path.rpartition("/")[2])
    date = page.data.get("date")
    if page.folder not in _DATED_FOLDERS or not named or not isinstance(date, str):
        return
    told, date = named["date"], date.strip()
    if not _PLAIN_DATE.fullmatch(date):
        return  # the readers say how to write it
    common = min(len(told), len(date))
    if told[:common] != date[:common]:
        yield Finding(
            page.path, page.line_of(("date",)), FILE_DATES.id, date,
            f"il nome del file dice «{told}», e qui c'è «{date}»: una delle due date è sbagliata?",
            f"date: {told}",
        )  # fmt: skip


WEEKDAY = Rule(
    "giorno-della-settimana",
    "Il giorno della settimana manca o non torna",
    "Chi organizza la settimana pensa a «martedì», non a «il 14». E un giorno sbagliato manda qualcuno davanti "
    "a una porta chiusa.",
    "La nostra regola: una data si scrive con il suo giorno (content/LEGGIMI.md)",
    2,
    _weekdays,
)
FIGURES = Rule(
    "numero-senza-fonte",
    "Un numero di cui non si sa chi lo dice",
    "Un numero vale quanto la sua fonte. Se la pagina ne ha più d'una, chi legge deve sapere quale.",
    "La nostra regola: ogni cifra con l'anno e la fonte (content/LEGGIMI.md)",
    1,
    _figures,
)
FILE_DATES = Rule(
    "data-nel-nome",
    "Il nome del file dice un'altra data",
    "Di solito è un anno battuto male: la storia finisce in fondo all'elenco, e nessuno la trova.",
    "La nostra regola: il nome comincia con la data della pagina (content/LEGGIMI.md)",
    1,
    _file_dates,
)
RULES = (WEEKDAY, FIGURES, FILE_DATES)
