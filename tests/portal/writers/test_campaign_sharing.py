"""A campaign goes round: the code and the badge say what is true, on pages we know nothing of."""

import datetime
from xml.etree import ElementTree

import pytest

from portal.model.totals import Total, Totals
from portal.writers.campaign_sharing import badge_html, badge_said, write_campaign_sharing
from tests.portal.writers.builders import a_campaign, a_recipient, a_site

SITE_URL = "https://www.esempio.it/"
BADGE = "campagne/colazione-delle-mamme/distintivo.svg"
SVG = "{http://www.w3.org/2000/svg}"


def totals(confirmed: int, mode: str = "live") -> Totals:
    came = Total(gifts=3, confirmed_cents=confirmed, pending_cents=0, costs_cents=0)
    return Totals(
        version=1,
        mode=mode,
        as_of=datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC),
        currency="eur",
        campaigns={"colazione-delle-mamme": came},
        total=came,
    )


def written(confirmed: int | None = 120_50, mode: str = "live", **fields) -> dict[str, bytes]:
    campaign = a_campaign(**{"short": "mamme", "example": False, **fields})
    site = a_site(
        campaigns=(campaign,),
        recipients=(a_recipient(),),
        totals=None if confirmed is None else totals(confirmed, mode),
    )
    return write_campaign_sharing(site, SITE_URL)


def words(badge: bytes) -> list[str]:
    return [text.text for text in ElementTree.fromstring(badge).iter(f"{SVG}text")]


def test_code_is_a_drawing_of_its_own_that_leads_to_the_short_address():
    """It is printed: the address behind it may move, the code may not."""
    code = ElementTree.fromstring(written()["campagne/colazione-delle-mamme/codice.svg"])

    assert code.tag == f"{SVG}svg"
    assert code.get("aria-label") == "Codice QR: https://www.esempio.it/d/mamme/"
    assert code.get("width").endswith("mm")


def test_badge_says_how_much_came_in_of_what_and_when():
    assert words(written()[BADGE]) == [
        "Sostieni #Oltreiperimetri",
        "La colazione delle mamme",
        "120,50\u00a0€ raccolti su 5.000\u00a0€",
        "al 22 novembre 2026",
    ]


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ({"example": True}, "Esempio: non raccoglie soldi veri"),
        ({"mode": "test"}, "Esempio: non raccoglie soldi veri"),
        ({"confirmed": None}, "appena aperta"),
        ({"open": False}, "al 22 novembre 2026 · campagna chiusa"),
    ],
)
def test_badge_never_looks_like_more_than_it_is(fields, note):
    """It stands where nobody reads the page beside it."""
    assert words(written(**fields)[BADGE])[-1] == note


@pytest.mark.parametrize(
    ("confirmed", "width"), [(0, 0), (-5_00, 0), (2_500_00, 144), (9_000_00, 288)]
)
def test_bar_goes_from_nothing_to_full(confirmed, width):
    """More than the goal does not run over the edge, less than nothing is nothing."""
    *_, bar = ElementTree.fromstring(written(confirmed)[BADGE]).iter(f"{SVG}rect")

    assert bar.get("width") == str(width)


def test_badge_runs_nothing_and_asks_for_nothing():
    badge = written(
        title="Una «colazione» & <due> chiacchiere, poi ancora due, e poi chissà quante"
    )[BADGE]

    for forbidden in (b"<script", b"<style", b"href", b"url("):
        assert forbidden not in badge
    assert words(badge)[2].endswith("…")


def test_line_to_paste_is_a_link_around_a_picture():
    """Quotes and angle brackets of a title stay words."""
    campaign = a_campaign(short="mamme", title='Le "mamme" & <noi>')

    assert badge_html(campaign, SITE_URL) == (
        '<a href="https://www.esempio.it/d/mamme/">'
        f'<img src="https://www.esempio.it/{BADGE}" '
        'alt="Le &quot;mamme&quot; &amp; &lt;noi&gt;: sostieni #Oltreiperimetri" width="320" height="136"></a>'
    )


def test_badge_is_said_in_words_on_our_page():
    campaign = a_campaign(example=False)
    site = a_site(campaigns=(campaign,), totals=totals(120_50))

    assert badge_said(campaign, site) == (
        "La colazione delle mamme. 120,50\u00a0€ raccolti su 5.000\u00a0€. al 22 novembre 2026"
    )
