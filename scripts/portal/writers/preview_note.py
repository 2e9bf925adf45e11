"""What a preview says of a page that the public does not see yet."""

from __future__ import annotations

import datetime

from portal.model.listing import Listing
from portal.model.page import Page, Status
from portal.writers.formats import italian_date


def preview_note(shown: Page | Listing, today: datetime.date) -> str:
    """Say why *shown* is not on the public site on *today*; nothing where it is."""
    if isinstance(shown, Listing) or shown.is_out(today):
        return ""
    if shown.status is Status.DRAFT:
        return "Questa pagina è una bozza: sul sito pubblico non c'è."
    assert shown.publish_from is not None
    return f"Questa pagina esce il {italian_date(shown.publish_from)}: sul sito pubblico non c'è ancora."
