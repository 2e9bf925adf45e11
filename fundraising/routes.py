"""What every group of routes is handed, and how it leads elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from fundraising.bootstrap import Fundraising


class Routes:
    """Answers for endpoints that begin with one word.

    *page* renders a template, *read* reads a posted form.
    """

    def __init__(
        self,
        fundraising: Fundraising,
        page: Callable[..., Response],
        read: Callable[[Request], dict[str, list[str]]],
    ) -> None:
        self._parts = fundraising
        self._page = page
        self._read = read
        self._livemode = int(fundraising.gateway.livemode)
        self._site_url = fundraising.settings.site_url


def see(address: str) -> Response:
    """Answer a posted form: the browser goes on to another page."""
    return Response(status=303, headers={"Location": address})
