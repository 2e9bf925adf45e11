"""The press kit: what a newsroom takes away in one file, always the one of this build."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

PRESS_PAGE = "stampa/"
PRESS_KIT = f"{PRESS_PAGE}oltreiperimetri.zip"
"""Where the kit is, relative to the site's root."""

_ABOUT = """\
#Oltreiperimetri: materiale per la stampa

marchio.svg   il nome, in vettoriale
simbolo.svg   il segno da solo
testo.md      il progetto in breve, con le fonti; è la pagina {page}

Il marchio è quello del sito: non è un logo ufficiale del progetto, e la licenza d'uso è da confermare.
"""
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The first moment a ZIP file can name: the same contents make the same file."""


def write_press_kit(text: str, drawings: Mapping[str, bytes], page_url: str) -> dict[str, bytes]:
    """Write the kit: the press page's Markdown *text*, *drawings* by file name, and what they are."""
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
