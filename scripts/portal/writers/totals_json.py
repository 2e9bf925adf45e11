"""The document `totals.json`, as the site was built with it: open data, and the last good one for the next build."""

from __future__ import annotations

from portal.model.site import Site
from portal.writers.json_document import write_json

TOTALS_FILE = "totals.json"


def write_totals(site: Site) -> dict[str, bytes]:
    """Write the totals in the shape they came in; nothing where there are none yet."""
    if site.totals is None:
        return {}
    document = site.totals.model_dump(mode="json") | {"as_of": site.totals.as_of.isoformat()}
    return {TOTALS_FILE: write_json(document)}
