"""The document `totals.json`, as the site was built with it: open data, and the last good one for the next build."""

from __future__ import annotations

import json

from portal.model.site import Site

TOTALS_FILE = "totals.json"


def write_totals(site: Site) -> dict[str, bytes]:
    """Write the totals in the shape they came in; nothing where there are none yet."""
    if site.totals is None:
        return {}
    document = site.totals.model_dump(mode="json") | {"as_of": site.totals.as_of.isoformat()}
    return {TOTALS_FILE: (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()}
