"""The totals on the site: what the giving said, in the shape it said it."""

import json

from portal.readers.totals import read_totals
from portal.writers.totals_json import write_totals
from tests.portal.writers.builders import a_site

DOCUMENT = {
    "version": 1,
    "mode": "live",
    "as_of": "2026-11-22T12:00:00+00:00",
    "currency": "eur",
    "campaigns": {"orto": {"gifts": 1, "confirmed_cents": 2500, "pending_cents": 0, "costs_cents": 63}},
    "total": {"gifts": 1, "confirmed_cents": 2500, "pending_cents": 0, "costs_cents": 63},
}  # fmt: skip


def test_totals_come_out_as_they_went_in(tmp_path):
    """The next build may have to read them again."""
    file = tmp_path / "totals.json"
    file.write_text(json.dumps(DOCUMENT))
    totals, problems = read_totals(file)

    written = write_totals(a_site(totals=totals))

    assert problems == []
    assert json.loads(written["totals.json"]) == DOCUMENT


def test_no_totals_is_no_file_and_not_a_zero():
    assert write_totals(a_site(totals=None)) == {}
