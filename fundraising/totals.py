"""Totals: what came in for each campaign, as the site may tell everybody.

Confirmed money is net of refunds and disputes and comes from the postings; what
is still on its way is told apart, and so is what it cost to take the money. There
are no names here.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fundraising.store import Store

SCHEMA = Path(__file__).parent / "totals.schema.json"

Totals = dict[str, Any]


def read_totals(store: Store, *, livemode: bool, now: datetime) -> Totals:
    """Sum up the books of one mode."""
    campaigns: defaultdict[str, dict[str, int]] = defaultdict(
        lambda: dict.fromkeys(("gifts", "confirmed_cents", "pending_cents", "costs_cents"), 0)
    )
    costs_of_all = 0
    with store.transaction() as books:
        confirmed = books.confirmed_by_campaign(livemode=int(livemode))
        pending = books.pending_by_campaign(livemode=int(livemode))
        costs = books.costs_by_campaign(livemode=int(livemode))
    # PostgreSQL sums sums as decimals: int() makes both databases answer alike.
    for row in confirmed:
        campaigns[row["campaign"]] |= {
            "gifts": int(row["gifts"]),
            "confirmed_cents": int(row["confirmed_cents"]),
        }
    for row in pending:
        campaigns[row["campaign"]]["pending_cents"] = int(row["pending_cents"])
    for row in costs:
        costs_of_all += int(row["costs_cents"])
        if row["campaign"]:
            campaigns[row["campaign"]]["costs_cents"] = int(row["costs_cents"])
    return {
        "version": 1,
        "mode": "live" if livemode else "test",
        "as_of": now.astimezone(UTC).isoformat(timespec="seconds"),
        "currency": "eur",
        "campaigns": dict(sorted(campaigns.items())),
        "total": {
            name: sum(campaign[name] for campaign in campaigns.values())
            for name in ("gifts", "confirmed_cents", "pending_cents")
        }
        | {"costs_cents": costs_of_all},
    }


def write_totals(totals: Totals, path: Path) -> bool:
    """Write totals.json in one step if it says something new; tell whether it did."""
    if _without_date(_read(path)) == _without_date(totals):
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(as_json(totals))
    # The site's build reads it, perhaps as another user.
    os.chmod(name, 0o644)
    os.replace(name, path)
    return True


def as_json(totals: Totals) -> str:
    """Write the document as text."""
    return json.dumps(totals, ensure_ascii=False, indent=2) + "\n"


def _read(path: Path) -> Totals:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}


def _without_date(totals: Totals) -> Totals:
    return {key: value for key, value in totals.items() if key != "as_of"}
