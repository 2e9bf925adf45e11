"""JSON-LD: only what is known, told in the words of schema.org."""

import datetime
import json

import pytest
from justhtml import JustHTML

from portal.model.dates import SourceDate
from portal.model.listing import Listing
from portal.model.network import Network
from portal.writers.json_ld import json_ld

from .builders import (
    a_campaign,
    a_member,
    a_need,
    a_page,
    a_place,
    a_recipient,
    a_site,
    a_story,
    a_town,
    a_translation,
    an_action,
    an_event,
    an_issue,
)

SITE_URL = "https://www.esempio.it/"
RHO = a_town("rho", 9.0402, 45.5285)
PROJECT = {
    "@type": "Organization",
    "@id": "https://www.esempio.it/",
    "name": "#Oltreiperimetri",
    "url": "https://www.esempio.it/",
}
INDEXES = (
    a_page("", title="Soli mai"),
    a_page("rete", title="La rete"),
    a_page("storie", title="Le storie"),
)


def said_of(page, **fields):
    """What the page is about, as a program reads it."""
    fields = {"network": Network((), (RHO,), ()), "pages": INDEXES, **fields}
    return json.loads(json_ld(page, (), a_site(**fields), SITE_URL))["@graph"][0]


def way_to(page, *shown):
    """The way to *page* as a program reads it, where the page shows the steps *shown*."""
    graph = json.loads(json_ld(page, shown, a_site(), SITE_URL))["@graph"]
    [breadcrumbs] = [thing for thing in graph if thing["@type"] == "BreadcrumbList"]
    steps = breadcrumbs["itemListElement"]
    assert {step["@type"] for step in steps} == {"ListItem"}
    assert [step["position"] for step in steps] == list(range(1, len(steps) + 1))
    return [(step["name"], step["item"]) for step in steps]


def test_home_is_about_the_project():
    """And the towns it works in, not those where a member happens to sit."""
    milano = a_town("milano", 9.19, 45.46, in_project=False)

    said = said_of(INDEXES[0], network=Network((), (RHO, milano), ()))

    assert said == PROJECT | {
        "description": "Che cosa sappiamo di te quando leggi: niente.",
        "areaServed": [{"@type": "City", "name": "Rho"}],
    }


def test_member_is_an_organisation_of_its_own_kind():
    sercop = a_member(
        "sercop",
        kind="azienda speciale consortile",
        official_name="Ser.Co.P. – Azienda speciale",
        town="rho",
        website="https://www.sercop.it",
    )

    said = said_of(sercop)

    assert said["@type"] == "GovernmentOrganization"
    assert said["legalName"] == "Ser.Co.P. – Azienda speciale"
    assert said["url"] == "https://www.sercop.it"
    assert said["mainEntityOfPage"] == "https://www.esempio.it/rete/sercop/"
    assert said["memberOf"] == PROJECT
    assert said_of(a_member("scuola", kind="scuola"))["@type"] == "EducationalOrganization"
    assert said_of(a_member("stripes", kind="cooperativa sociale"))["@type"] == "Organization"


def test_what_nobody_knows_is_not_said():
    said = said_of(a_member("vigoni"))

    assert set(said) == {"@type", "@id", "name", "description", "mainEntityOfPage", "memberOf"}


def test_an_address_nobody_has_confirmed_is_not_told_to_programs():
    """The page says of when it is; a program would take it for today's."""
    member = a_member("gesem", town="rho", address="Via Roma 1", address_seen=SourceDate("~2019"))

    assert "Via Roma" not in json.dumps(said_of(member))


def test_story_says_what_time_it_is_about_and_where_it_was_read():
    """When it was published is not known, so it is not said; an estimated date neither."""
    rete = Network((a_member("comune-di-rho", title="Comune di Rho", kind="comune"),), (RHO,), ())
    story = a_story(
        date="2016-05",
        actions=("job-community",),
        places=("opcafe-rho",),
        members=("comune-di-rho",),
        towns=("rho",),
        sources=(
            {"title": "Legnanonews", "url": "https://www.esempio.it/a", "date": "2017-12-01"},
            {"title": "Archivio", "date": "~2015"},
        ),
    )

    said = said_of(story, network=rete, actions=(an_action(),), places=(a_place(),))

    assert said["@type"] == "Article"
    assert said["headline"] == "L'officina che non chiude"
    assert said["temporalCoverage"] == "2016-05"
    assert "datePublished" not in said
    assert said["author"]["name"] == said["publisher"]["name"] == "#Oltreiperimetri"
    assert said["image"].startswith("https://www.esempio.it/assets/cards/storie/")
    assert [(t["@type"], t["name"]) for t in said["about"]] == [("Service", "Job community")]
    assert said["mentions"] == [
        {
            "@type": "GovernmentOrganization",
            "@id": "https://www.esempio.it/rete/comune-di-rho/",
            "name": "Comune di Rho",
        }
    ]
    assert [place["name"] for place in said["contentLocation"]] == ["#OPcafé di Rho", "Rho"]
    assert said["citation"] == [
        {
            "@type": "CreativeWork",
            "name": "Legnanonews",
            "url": "https://www.esempio.it/a",
            "datePublished": "2017-12-01",
        },
        {"@type": "CreativeWork", "name": "Archivio"},
    ]


def test_event_with_hours_says_them_with_the_zone():
    said = said_of(an_event(starts="09:30", ends="13:00", location="Cascina Triulza"))

    assert said["@type"] == "Event"
    assert said["startDate"] == "2018-11-30T09:30:00+01:00"
    assert said["endDate"] == "2018-11-30T13:00:00+01:00"
    assert said["eventStatus"] == "https://schema.org/EventScheduled"
    assert said["location"] == {"@type": "Place", "name": "Cascina Triulza"}


def test_event_of_whole_days_ends_on_its_last():
    """Not on the day after, as in a calendar file."""
    event = an_event(date=datetime.date(2016, 5, 26), until=datetime.date(2016, 5, 28))

    said = said_of(event)

    assert (said["startDate"], said["endDate"]) == ("2016-05-26", "2016-05-28")
    assert "endDate" not in said_of(an_event())


def test_cancelled_event_says_so():
    assert said_of(an_event(cancelled=True))["eventStatus"] == "https://schema.org/EventCancelled"


def test_event_in_a_place_of_ours_says_the_address():
    place = a_place(address="via Meda 20", confirmed=True)
    said = said_of(an_event(place="opcafe-rho"), places=(place,))

    assert said["location"] == {
        "@type": "Place",
        "@id": "https://www.esempio.it/luoghi/opcafe-rho/",
        "name": "#OPcafé di Rho",
        "address": {
            "@type": "PostalAddress",
            "streetAddress": "via Meda 20",
            "addressLocality": "Rho",
            "addressCountry": "IT",
        },
    }


@pytest.mark.parametrize(("confirmed", "told"), [(True, True), (False, False)])
def test_street_hours_and_telephone_are_told_once_a_person_has_confirmed_them(confirmed, told):
    """A search engine would show them without the page's warning."""
    place = a_place(
        confirmed=confirmed,
        address="via Meda 20",
        phone="02 1234567",
        hours=({"day": "martedì", "opens": "10:00", "closes": "12:30"},),
    )

    said = said_of(place)

    assert said["address"]["addressLocality"] == "Rho"
    assert ("streetAddress" in said["address"]) is told
    assert ("telephone" in said) is told
    assert ("openingHoursSpecification" in said) is told
    if told:
        assert said["openingHoursSpecification"] == [
            {
                "@type": "OpeningHoursSpecification",
                "dayOfWeek": "https://schema.org/Tuesday",
                "opens": "10:00",
                "closes": "12:30",
            }
        ]


def test_campaign_that_collects_can_be_given_to():
    said = said_of(a_campaign(example=False), recipients=(a_recipient(),))

    assert said["potentialAction"] == {
        "@type": "DonateAction",
        "name": "La colazione delle mamme",
        "recipient": {
            "@type": "GovernmentOrganization",
            "name": "Sercop",
            "legalName": "Ser.Co.P.",
        },
        "target": "https://www.esempio.it/campagne/colazione-delle-mamme/",
    }


@pytest.mark.parametrize("fields", [{"example": True}, {"example": False, "open": False}])
def test_example_or_closed_campaign_asks_nobody_for_money(fields):
    said = said_of(a_campaign(**fields), recipients=(a_recipient(),))

    assert said["@type"] == "WebPage"
    assert "potentialAction" not in said


def test_action_says_for_whom_it_is():
    said = said_of(an_action(also_known_as="#OPerazione Lavoro"))

    assert said["@type"] == "Service"
    assert said["alternateName"] == "#OPerazione Lavoro"
    assert said["audience"]["audienceType"] == "Per chi cerca lavoro e non vuole cercarlo da solo."


def test_issue_of_the_newsletter_has_a_number_and_a_day():
    said = said_of(an_issue("3"))

    assert (said["@type"], said["issueNumber"], said["datePublished"]) == (
        "PublicationIssue",
        3,
        "2026-11-30",
    )


def test_page_of_the_directory_lists_its_members():
    stripes = a_member("stripes", title="Stripes")
    listing = Listing("rete", "ruolo", "partner", "I partner", "I partner", "Chi sono.", (stripes,))

    said = said_of(listing)

    assert said["@type"] == "CollectionPage"
    assert said["mainEntity"]["itemListElement"] == [
        {
            "@type": "ListItem",
            "position": 1,
            "name": "Stripes",
            "url": "https://www.esempio.it/rete/stripes/",
        }
    ]


def test_translation_is_in_its_language():
    """And names the page it translates."""
    said = said_of(a_translation("bisogni/lavoro/", title="Work"), needs=(a_need("lavoro"),))

    assert said["inLanguage"] == "en"
    assert said["translationOfWork"]["@id"] == "https://www.esempio.it/bisogni/lavoro/"
    assert "mainEntity" not in said


@pytest.mark.parametrize("confirmed", [True, False])
def test_translated_place_is_the_same_place_in_other_words(confirmed):
    """With the street only where the Italian page tells it."""
    place = a_place(address="via Meda 20", confirmed=confirmed)

    said = said_of(a_translation(place.url, title="The Rho café"), places=(place,))

    assert said["@type"] == "WebPage"
    about = said["mainEntity"]
    assert (about["@type"], about["name"]) == ("Place", "The Rho café")
    assert about["@id"] == "https://www.esempio.it/luoghi/opcafe-rho/"
    assert about["address"]["addressLocality"] == "Rho"
    assert ("streetAddress" in about["address"]) is confirmed


def test_the_way_to_a_page_is_the_one_it_shows_and_ends_at_the_page():
    assert way_to(a_story(), ("storie/", "Storie")) == [
        ("Storie", "https://www.esempio.it/storie/"),
        ("L'officina che non chiude", "https://www.esempio.it/storie/2016-05-12-officina/"),
    ]


def test_a_page_that_shows_no_way_tells_none():
    """A room, or a page one may have to hide: a list of one step leads nowhere."""
    graph = json.loads(json_ld(INDEXES[2], (), a_site(), SITE_URL))["@graph"]

    assert [thing["@type"] for thing in graph] == ["WebPage"]


def test_title_cannot_close_the_script():
    """Read back as a browser reads it, from the page it stands in."""
    page = a_page(title='</script><script>alert("1")</script> & <!-- c')
    written = json_ld(page, (), a_site(), SITE_URL)

    document = JustHTML(f'<script type="application/ld+json">{written}</script>', sanitize=False)

    [script] = document.query("script")
    assert json.loads(script.to_text())["@graph"][0]["name"] == page.title


def test_two_builds_give_the_same_text():
    assert json_ld(a_page(), (), a_site(), SITE_URL) == json_ld(a_page(), (), a_site(), SITE_URL)
