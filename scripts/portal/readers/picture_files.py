"""Picture files, looked at before anything is made of them: what is not one, what is cut, what is far too large."""

from __future__ import annotations

import io
import warnings

MOST_BYTES = 20_000_000
MOST_PIXELS = 60_000_000
"""A little more than the largest telephone pictures. Above, memory goes before anything can be made of it."""

READABLE = ("JPEG", "PNG", "WEBP", "AVIF")
PUBLISHED = (".jpg", ".jpeg", ".png", ".webp", ".avif")
"""Pictures of which we publish variants, never the file itself."""

MEANT_AS_PICTURES = (*PUBLISHED, ".heic", ".gif", ".tif", ".tiff", ".bmp")
"""Files that are meant as pictures, also those that we cannot read: an editor has to be told."""

DRAWING = ".svg"


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
