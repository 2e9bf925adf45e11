"""A picture: whose it is, and who can be recognised in it."""

from __future__ import annotations

import datetime

from pydantic import Field

from portal.model.page import Value, YesNo
from portal.model.story import Consent, ConsentKind


class Picture(Value):
    """What stands beside a picture, in the file of its name that ends in `.yml`."""

    credit: str = Field(
        min_length=2,
        max_length=120,
        title="Di chi è",
        description="Di chi è: esce sotto l'immagine.",
        examples=["Foto: Officina delle biciclette, 2016"],
    )
    people: YesNo = Field(
        title="Si riconosce qualcuno",
        description="«sì» se si riconosce qualcuno: allora serve il consenso.",
        examples=["no"],
    )
    consent: Consent | None = Field(
        default=None,
        title="Consenso",
        description="Il consenso di chi si riconosce, se qualcuno si riconosce.",
    )

    def consent_fault(self, today: datetime.date) -> str | None:
        """Why the picture may not be shown on *today*; nothing where it may."""
        if not self.people:
            return None
        if self.consent is None or self.consent.kind is ConsentKind.NOT_NEEDED:
            return "mostra una persona e non ha il suo consenso"
        return self.consent.fault(today)
