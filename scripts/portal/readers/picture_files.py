"""Picture files, looked at before anything is made of them: what is not one, what is cut, what is far too large."""

from __future__ import annotations

import io
import re
import warnings
from pathlib import Path

MOST_BYTES = 20_000_000
MOST_PIXELS = 60_000_000
"""A little more than the largest telephone pictures. Above, memory goes before anything can be made of it."""

READABLE = ("JPEG", "PNG", "WEBP", "AVIF")
PUBLISHED = (".jpg", ".jpeg", ".png", ".webp", ".avif")
"""Pictures of which we publish variants, never the file itself."""

DRAWING = ".svg"
SHOWN = (*PUBLISHED, DRAWING)
"""All that a page can show."""

NOT_PUBLISHED = "non è JPEG, PNG, WebP o AVIF: aprila con un programma di foto e salvala come .jpg"

_PHOTOGRAPH = re.compile(
    rb"\xff\xd8\xff|\x89PNG|GIF8|BM.{4}\0\0\0\0|II[*+]\0|MM\0[*+]|RIFF.{4}WEBP|.{4}ftyp(?:avi|hei|hev|mif|msf|cr)"
    rb"|\xff\x0a|\0\0\0\x0c(?:JXL |jP  )|8BPS",
    re.DOTALL,
)
"""How the files of pictures begin, whatever their names."""
_NAMED_AS_PHOTOGRAPH = re.compile(
    r"\.(?:jpe?g|jpe|jfif|jif|pjpe?g|png|webp|avifs?|hei[cf]s?|gif|tiff?|bmp|dib|jp2|jxl|psd|ico"
    r"|dng|cr[23w]|nef|arw|raw|orf|rw2)$",
    re.IGNORECASE,
)


def is_photograph(file: Path) -> bool:
    """Whether *file* is a picture that carries where and with what it was taken: no such file is published itself."""
    if _NAMED_AS_PHOTOGRAPH.search(file.name):
        return True
    try:
        with file.open("rb") as opened:
            return bool(_PHOTOGRAPH.match(opened.read(32)))
    except (OSError, ValueError):
        return False


def picture_fault(content: bytes) -> str | None:
    """What is wrong with a picture file, in Italian, and how to mend it; nothing where all is well."""
    from PIL import Image, UnidentifiedImageError

    if len(content) > MOST_BYTES:
        return (
            f"pesa {len(content) / 1_000_000:.0f} MB, e il massimo è {MOST_BYTES // 1_000_000}. "
            "Riducila: bastano 2.000 pixel di larghezza"
        )
    try:
        # Pillow warns of what it takes for an attack; we count for ourselves, before a pixel is read.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=READABLE)
        width, height = picture.size
        if width * height > MOST_PIXELS:
            return (
                f"ha {width} × {height} pixel, troppi. Riducila: bastano 2.000 pixel di larghezza"
            )
        picture.load()
    except Image.DecompressionBombError:
        return "ha troppi pixel. Riducila: bastano 2.000 pixel di larghezza"
    except UnidentifiedImageError:
        return (
            "non è un'immagine che sappiamo leggere, anche se il nome lo dice. "
            "Aprila con un programma di foto e salvala come JPEG o PNG"
        )
    except (OSError, SyntaxError, ValueError):
        return "è rovinata o tagliata a metà. Copiala di nuovo da dove l'hai presa"
    return None
