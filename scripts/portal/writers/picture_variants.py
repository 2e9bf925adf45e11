"""A picture in the sizes and formats that browsers choose from; of the original nothing is published.

What a camera writes into a file, such as where and when, stays behind: only pixels
go on, turned the right way up, in the colours of the web (sRGB).
"""

from __future__ import annotations

import hashlib
import io
import posixpath
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageCms, ImageOps

WIDTHS = (480, 960, 1600)
"""In pixels: a phone, a phone with fine pixels, a wide screen."""

_FALLBACK_WIDTH = 960
_SAVED: dict[str, dict[str, Any]] = {
    "avif": {"format": "AVIF", "quality": 55, "speed": 6, "max_threads": 1},
    "webp": {"format": "WEBP", "quality": 76, "method": 4},
    "jpg": {"format": "JPEG", "quality": 80, "progressive": True, "optimize": True},
    "png": {"format": "PNG", "optimize": True},
}
"""One thread, because several may cut a picture differently and the same original must give the same bytes."""


@dataclass(frozen=True)
class Variant:
    """One file of a picture: its path on the site, its width in pixels, what it holds."""

    path: str
    width: int
    content: bytes


@dataclass(frozen=True)
class PictureVariants:
    """A picture as it is published: its proportions, and by format its files from narrow to wide."""

    width: int
    height: int
    modern: dict[str, tuple[Variant, ...]]
    fallback: Variant

    @property
    def files(self) -> tuple[Variant, ...]:
        """Every file there is to write."""
        return (*(one for variants in self.modern.values() for one in variants), self.fallback)


def draw_variants(original: bytes, path: str) -> PictureVariants:
    """Draw the *original*, which stands at *path* in the content, in every size and format.

    No variant is larger than the original. Names hold a digest of the original, so that
    a browser may keep them for ever.
    """
    picture = _as_seen(Image.open(io.BytesIO(original)))
    stem = posixpath.splitext(path)[0]
    name = f"{stem}-{hashlib.sha256(original).hexdigest()[:8]}"
    widths = [width for width in WIDTHS if width < picture.width]
    if picture.width <= WIDTHS[-1]:
        widths.append(picture.width)
    sizes = {width: _resized(picture, width) for width in widths}
    modern = {
        f"image/{ending}": tuple(
            Variant(f"{name}-{width}.{ending}", width, _saved(sized, ending))
            for width, sized in sizes.items()
        )
        for ending in ("avif", "webp")
    }
    middle = min(widths, key=lambda width: abs(width - _FALLBACK_WIDTH))
    ending = "png" if picture.mode == "RGBA" else "jpg"
    fallback = Variant(f"{name}-{middle}.{ending}", middle, _saved(sizes[middle], ending))
    return PictureVariants(picture.width, picture.height, modern, fallback)


def _as_seen(picture: Image.Image) -> Image.Image:
    """The pixels as people see them: turned, in sRGB, with transparency only where there is some."""
    turned = ImageOps.exif_transpose(picture)
    profile = turned.info.get("icc_profile")
    has_alpha = "A" in turned.getbands() or "transparency" in turned.info
    plain = turned.convert("RGBA" if has_alpha else "RGB")
    if has_alpha and plain.getchannel("A").getextrema() == (255, 255):
        plain = plain.convert("RGB")
    if profile and plain.mode == "RGB":
        try:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            plain = ImageCms.profileToProfile(plain, own, ImageCms.createProfile("sRGB")) or plain
        except ImageCms.PyCMSError:
            # A broken profile says nothing of the colours: they stay as they are written.
            pass
    # A fresh picture takes along no word of what the camera wrote.
    clean = Image.new(plain.mode, plain.size)
    clean.paste(plain)
    return clean


def _resized(picture: Image.Image, width: int) -> Image.Image:
    if width == picture.width:
        return picture
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def _saved(picture: Image.Image, ending: str) -> bytes:
    file = io.BytesIO()
    picture.save(file, **_SAVED[ending])
    return file.getvalue()
