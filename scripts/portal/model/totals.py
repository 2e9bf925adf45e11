"""The totals the giving publishes: what came in for each campaign, without names."""

from __future__ import annotations

import datetime
from typing import Literal

from pydantic import Field

from portal.model.page import Value


class Total(Value):
    """What came in: confirmed money net of refunds, and apart what is on its way and what it cost, in cents."""

    gifts: int = Field(ge=0)
    confirmed_cents: int
    pending_cents: int = Field(ge=0)
    costs_cents: int


class Totals(Value):
    """The document `totals.json`. In mode `test` no money moved, and pages say so."""

    version: Literal[1]
    mode: Literal["test", "live"]
    as_of: datetime.datetime
    currency: Literal["eur"]
    campaigns: dict[str, Total]
    total: Total
