"""Parts of pages that many pages share, each rendered once: the header of a room, the card of a story.

A part sees what it is given and what every template sees, and nothing of the page it
stands on. So all that can tell two of its renderings apart is what they are given.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from portal.questions import Questions

_PLAIN = (str, int, type(None))


class Parts:
    """Renders `partials/NAME.html`, once for all who give it the same."""

    def __init__(self, templates: Environment, questions: Questions) -> None:
        self._templates = templates
        self._questions = questions
        self._rendered: dict[Hashable, tuple[Markup, dict[str, None], dict[str, Any]]] = {}

    def __call__(self, name: str, **given: Any) -> Markup:
        """The part called *name*, made of *given*."""
        key = (name, *((word, _sameness(value)) for word, value in given.items()))
        if key not in self._rendered:
            template = self._templates.get_template(f"partials/{name}.html")
            html, asked = self._questions.overhear(lambda: template.render(given))
            # What was given is kept too: as long as it is there, nothing else gets its identity.
            self._rendered[key] = Markup(html), asked, given
        html, asked, _ = self._rendered[key]
        self._questions.hear(asked)
        return html


def _sameness(value: Any) -> Hashable:
    """What is the same for the same value: plain values themselves, of others their identity."""
    if isinstance(value, _PLAIN):
        # With its type: text that is HTML already is not the same as text that will be escaped.
        return type(value), value
    if isinstance(value, tuple):
        return tuple(map(_sameness, value))
    return id(value)
