"""Bytes → text, or why they are none: which program wrote them, and how to save them again."""

from __future__ import annotations

import codecs

from portal.readers.problem import Problem

_SAVE = "Nel programma con cui scrivi scegli «Salva con nome» e la codifica UTF-8."
_DOCUMENTS = {
    b"PK\x03\x04": "un documento di Word o di LibreOffice",
    b"\xd0\xcf\x11\xe0": "un vecchio documento di Word",
    b"%PDF-": "un PDF",
    b"{\\rtf": "un documento RTF",
    b"\x89PNG": "un'immagine",
    b"\xff\xd8\xff": "un'immagine",
}


def decoded(path: str, raw: bytes) -> str | Problem:
    """The text of a file in UTF-8, with or without a byte order mark; a problem where it is something else.

    Nothing is guessed and read on: a guess would print «perchÃ©» to everybody.
    """
    for opening, name in _DOCUMENTS.items():
        if raw.startswith(opening):
            return Problem(
                path,
                1,
                f"il file non è testo: è {name} con un altro nome. Aprilo, copia "
                "il testo e incollalo in un file nuovo.",
            )
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and len(raw) % 2 == 0:
        return Problem(
            path, 1, f"il file è salvato come «Unicode» (UTF-16), e qui serve UTF-8. {_SAVE}"
        )
    if (zero := raw.find(b"\0")) >= 0:
        return Problem(
            path,
            _line(raw, zero),
            "in questa riga c'è un carattere che non è testo, e non si vede. Cancella la riga e riscrivila.",
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # What Windows calls «ANSI» reads every byte: enough to show which word it is.
        around = raw[max(0, error.start - 24) : error.start + 24].decode("cp1252", errors="replace")
        place = min(error.start, 24)
        before, after = around[:place].split(), around[place:].split()
        word = (before[-1] if before and not around[place - 1 : place].isspace() else "") + (
            after[0] if after else ""
        )
        return Problem(
            path,
            _line(raw, error.start),
            f"il file non è in UTF-8: un carattere non si legge, forse in «{word}». {_SAVE}",
        )


def _line(raw: bytes, position: int) -> int:
    return raw.count(b"\n", 0, position) + 1
