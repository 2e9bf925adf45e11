"""The document `campaigns.json`: what may be collected for, and who receives it.

It is the only thing the giving knows of the site; its shape is the JSON Schema
beside this file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from portal.model.campaign import Campaign, Recipient, TaxProfile
from portal.model.site import Site
from portal.writers.json_document import write_json

CAMPAIGNS_SCHEMA = Path(__file__).with_name("campaigns.schema.json")
MINIMUM_CENTS = 200
"""Two euros: below, the fixed part of a card payment's cost weighs too much on the gift."""


def write_campaigns(site: Site) -> bytes:
    """Write every campaign and recipient, in the editors' order, as UTF-8 JSON with a newline at the end."""
    document = {
        "version": 1,
        "currency": "eur",
        "campaigns": [_campaign(campaign) for campaign in site.campaigns],
        "recipients": [_recipient(recipient) for recipient in site.recipients],
    }
    return write_json(document)


def _campaign(campaign: Campaign) -> dict[str, Any]:
    return {
        "id": campaign.slug,
        "title": campaign.title,
        "url": f"/{campaign.url}",
        "description": campaign.description,
        "recipient": campaign.recipient,
        "example": campaign.example,
        "open": campaign.open,
        "goal_cents": campaign.goal_cents,
        "suggested_cents": [euros * 100 for euros in campaign.suggested_euros],
        "minimum_cents": MINIMUM_CENTS,
        "frequencies": [frequency.value for frequency in campaign.frequencies],
    }


def _recipient(recipient: Recipient) -> dict[str, Any]:
    return {
        "id": recipient.id,
        "name": recipient.name,
        "legal_name": recipient.legal_name,
        "kind": recipient.kind.value,
        "address": recipient.address,
        "fiscal_code": recipient.fiscal_code,
        "iban": recipient.iban,
        "tax": _tax(recipient.tax) if recipient.tax else None,
    }


def _tax(tax: TaxProfile) -> dict[str, str]:
    return {
        "text": tax.text,
        "register": tax.registration,
        "confirmed_on": tax.confirmed_on.isoformat(),
    }
