"""The texts of a content folder marked up, each made when it is first asked for: it takes its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.readers.content_folder import ContentFolder

if TYPE_CHECKING:
    from portal.readers.marked_up import MarkedUp, Markup


class MarkedTexts:
    """The texts of the pages of *content* as HTML."""

    def __init__(self, content: ContentFolder) -> None:
        self._content = content
        self._markup: Markup | None = None
        self._made: dict[str, MarkedUp] = {}

    def at(self, path: str) -> MarkedUp:
        """The text of the page at *path*."""
        if self._markup is None:
            # A library that is slow to come, and asked for only where a text needs it.
            from portal.readers.marked_up import Markup

            self._markup = Markup()
        if path not in self._made:
            self._made[path] = self._markup.of(self._content.documents[path].body)
        return self._made[path]
