"""The press kit: what a newsroom takes away in one file, always the one of this build."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping

from portal.model.indicator import Indicator
from portal.writers.formats import italian_date

PRESS_PAGE = "stampa/"
PRESS_KIT = f"{PRESS_PAGE}oltreiperimetri.zip"
"""Where the kit is, relative to the site's root."""

_ABOUT = """\
#Oltreiperimetri: materiale per la stampa

marchio.svg               il nome, in vettoriale
marchio.png               il nome su fondo bianco, largo 2000 pixel
marchio-trasparente.png   lo stesso senza fondo, da mettere su colori chiari
simbolo.svg               il segno da solo, in vettoriale
simbolo.png               lo stesso, largo 2000 pixel
testo.md                  il progetto in breve, con le fonti; è la pagina {page}

Il marchio è quello del sito: non è un logo ufficiale del progetto, e la licenza d'uso è da confermare.
"""
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The first moment a ZIP file can name: the same contents make the same file."""

_WHERE_FIGURES_STAND = "\n\n---\n\n"


def write_press_kit(
    text: str, headlines: Iterable[Indicator], drawings: Mapping[str, bytes], page_url: str
) -> dict[str, bytes]:
    """Write the kit: the press page's Markdown *text* with its figures, *drawings* by file name, and what they are.

    The page shows the *headlines* where its text has a line across; the text to take away has them there too.
    """
    figures = "\n".join(_figure(indicator) for indicator in headlines)
    before, _, after = text.partition(_WHERE_FIGURES_STAND)
    text = f"{before}\n\n{figures}\n\n{after}"
    files = {
        "LEGGIMI.txt": _ABOUT.format(page=page_url).encode(),
        "testo.md": text.strip().encode() + b"\n",
        **drawings,
    }
    kit = io.BytesIO()
    with zipfile.ZipFile(kit, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"oltreiperimetri/{name}", _LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name])
    return {PRESS_KIT: kit.getvalue()}


def _figure(indicator: Indicator) -> str:
    """One figure as a line of a Markdown list, with all that has to be quoted with it."""
    measure = indicator.latest
    source = measure.source
    name = f"[{source.title}]({source.url})" if source.url else source.title
    return (
        f"- {indicator.title}: **{measure.in_words} {measure.unit or indicator.unit}**, {measure.period}"
        f" ({indicator.kind.label}). Fonte: {name}, {italian_date(source.date)}."
        f" Che cosa non dice: {indicator.limits}"
    )
