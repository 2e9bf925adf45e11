"""campaigns.json: what the giving reads, as its schema says."""

import datetime
import json

import jsonschema
import pytest

from portal.model.campaign import TaxProfile
from portal.writers.campaigns_json import CAMPAIGNS_SCHEMA, write_campaigns

from .builders import a_campaign, a_recipient, a_site

VALIDATOR = jsonschema.Draft202012Validator(
    json.loads(CAMPAIGNS_SCHEMA.read_text(encoding="utf-8")),
    format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
)


def written(**fields):
    return json.loads(write_campaigns(a_site(**fields)))


def test_campaign_is_written_in_cents_with_its_page():
    document = written(campaigns=(a_campaign(),), recipients=(a_recipient(),))

    assert document["campaigns"] == [
        {
            "id": "colazione-delle-mamme",
            "title": "La colazione delle mamme",
            "url": "/campagne/colazione-delle-mamme/",
            "description": "Un caffè e due chiacchiere per le mamme del quartiere.",
            "recipient": "sercop",
            "example": True,
            "open": True,
            "goal_cents": 500000,
            "suggested_cents": [1000, 2500, 5000],
            "minimum_cents": 200,
            "frequencies": ["once", "month", "year"],
        }
    ]
    VALIDATOR.validate(document)


def test_recipient_without_a_confirmed_profile_promises_nothing():
    document = written(recipients=(a_recipient(),))

    assert document["recipients"] == [
        {
            "id": "sercop",
            "name": "Sercop",
            "legal_name": "Ser.Co.P.",
            "kind": "public_body",
            "address": None,
            "fiscal_code": None,
            "iban": None,
            "tax": None,
        }
    ]
    VALIDATOR.validate(document)


def test_confirmed_tax_profile_is_passed_on():
    tax = TaxProfile(
        text="Un testo approvato da chi ne sa.",
        registration="RUNTS n. 1",
        confirmed_on=datetime.date(2026, 1, 31),
    )

    document = written(recipients=(a_recipient(tax=tax),))

    assert document["recipients"][0]["tax"] == {
        "text": "Un testo approvato da chi ne sa.",
        "register": "RUNTS n. 1",
        "confirmed_on": "2026-01-31",
    }
    VALIDATOR.validate(document)


def test_campaign_without_a_goal_is_valid():
    document = written(campaigns=(a_campaign(goal_euros=None),))

    assert document["campaigns"][0]["goal_cents"] is None
    VALIDATOR.validate(document)


def test_site_without_campaigns_is_valid():
    document = written()

    assert document == {"version": 1, "currency": "eur", "campaigns": [], "recipients": []}
    VALIDATOR.validate(document)


@pytest.mark.parametrize(
    ("key", "value"),
    [("goal_cents", 0), ("frequencies", ["week"]), ("url", "campagne"), ("id", "Due Parole")],
)
def test_schema_refuses_what_the_giving_could_not_use(key, value):
    document = written(campaigns=(a_campaign(),))
    document["campaigns"][0][key] = value

    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(document)


def test_schema_refuses_unknown_keys_and_dates_that_are_not():
    document = written(recipients=(a_recipient(),))
    document["recipients"][0]["tax"] = {
        "text": "x",
        "register": "y",
        "confirmed_on": "ieri",
        "iban": "IT00",
    }

    faults = {fault.json_path for fault in VALIDATOR.iter_errors(document)}

    assert faults == {"$.recipients[0].tax"}


def test_document_reads_well_in_a_difference():
    """One key a line, accents as they are, a newline at the end."""
    text = write_campaigns(a_site(campaigns=(a_campaign(),))).decode()

    assert (
        '      "description": "Un caffè e due chiacchiere per le mamme del quartiere.",\n' in text
    )
    assert text.endswith("}\n")
