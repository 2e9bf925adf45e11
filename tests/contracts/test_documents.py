"""The two documents in which the site and the giving meet: each side reads what the other writes."""

import datetime
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from fundraising.campaigns import parse_campaigns
from fundraising.totals import SCHEMA as TOTALS_SCHEMA
from fundraising.totals import as_json
from portal.readers.content import ContentReader
from portal.readers.totals import read_totals
from portal.writers.campaigns_json import CAMPAIGNS_SCHEMA, write_campaigns

ROOT = Path(__file__).parents[2]
TODAY = datetime.date(2026, 11, 22)


@pytest.fixture(scope="module")
def campaigns_document() -> bytes:
    """campaigns.json, as the site writes it of the real content."""
    site = ContentReader(ROOT / "content", TODAY).read()
    return write_campaigns(site)


def test_the_giving_reads_every_campaign_the_site_writes(campaigns_document):
    """Names, sums and recipients arrive as they were written."""
    site = ContentReader(ROOT / "content", TODAY).read()

    campaigns = parse_campaigns(campaigns_document.decode())

    assert set(campaigns.campaigns) == {campaign.slug for campaign in site.campaigns}
    for written in site.campaigns:
        read = campaigns.campaigns[written.slug]
        assert read.title == written.title
        assert read.example is True
        assert list(read.suggested_cents) == [euros * 100 for euros in written.suggested_euros]
        assert read.recipient.legal_name == site.recipient(written.recipient).legal_name


def test_no_recipient_promises_a_tax_benefit(campaigns_document):
    """Nobody has confirmed a profile yet: until then nothing may be promised."""
    document = json.loads(campaigns_document)

    assert [recipient["tax"] for recipient in document["recipients"]] == [None] * len(
        document["recipients"]
    )


def test_the_document_keeps_to_its_schema(campaigns_document):
    """The schema is published beside it, for whoever else wants to read it."""
    schema = json.loads(CAMPAIGNS_SCHEMA.read_text(encoding="utf-8"))

    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(campaigns_document))


cents = st.integers(min_value=0, max_value=10**9)
totals_of_a_campaign = st.fixed_dictionaries(
    {
        "gifts": st.integers(0, 10**6),
        "confirmed_cents": cents,
        "pending_cents": cents,
        "costs_cents": cents,
    }
)


@given(
    mode=st.sampled_from(["test", "live"]),
    as_of=st.datetimes(
        datetime.datetime(2026, 1, 1),
        datetime.datetime(2040, 1, 1),
        timezones=st.just(datetime.UTC),
    ),
    campaigns=st.dictionaries(
        st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True), totals_of_a_campaign, max_size=4
    ),
    total=totals_of_a_campaign,
)
def test_the_site_reads_any_totals_the_schema_allows(
    tmp_path_factory, mode, as_of, campaigns, total
):
    """The schema is the agreement: what it allows, the site understands, to the cent."""
    document = {
        "version": 1,
        "mode": mode,
        "as_of": as_of.isoformat(timespec="seconds"),
        "currency": "eur",
        "campaigns": campaigns,
        "total": total,
    }
    Draft202012Validator(json.loads(TOTALS_SCHEMA.read_text(encoding="utf-8"))).validate(document)
    file = tmp_path_factory.mktemp("totals") / "totals.json"
    file.write_text(as_json(document), encoding="utf-8")

    totals, problems = read_totals(file)

    assert problems == []
    assert totals.mode == mode
    assert {slug: total.model_dump() for slug, total in totals.campaigns.items()} == campaigns


def test_totals_that_are_cut_short_are_a_problem_and_not_a_zero(tmp_path):
    """A download that broke off must not tell donors that nothing came in."""
    file = tmp_path / "totals.json"
    file.write_text('{"version": 1, "mode": "te', encoding="utf-8")

    totals, problems = read_totals(file)

    assert totals is None
    assert len(problems) == 1
    assert "i totali delle donazioni non si leggono" in problems[0].message


def test_no_file_is_no_totals(tmp_path):
    """A site that is built before the first gift says that there are none yet."""
    assert read_totals(tmp_path / "totals.json") == (None, [])
