"""The archive and the directory: each value with something to show is a page."""

from portal.model.network import Network
from tests.portal.writers.builders import a_member, a_place, a_site, a_story, a_town, an_action


def a_told_site(**fields):
    """Two stories: one of 2016 that names everything, one of 2018 that names nothing."""
    first = a_story(
        actions=("job-community",), places=("opcafe-rho",), members=("sercop",), towns=("rho",)
    )
    second = a_story("2018-05-15-altra", id="st-2018-001", date="2018-05-15")
    return a_site(
        **{
            "stories": (second, first),
            "actions": (an_action(), an_action("formazione", number=5, title="Formazione")),
            "places": (a_place(),),
            "network": Network(
                (a_member("sercop", title="Sercop", town="rho"),),
                (a_town("rho", 9.0, 45.5), a_town("pero", 9.1, 45.5)),
                (),
            ),
            **fields,
        }
    )


def test_every_value_with_stories_is_a_page():
    """An action or a town that no story names has none: an empty page helps nobody."""
    site = a_told_site()

    pages = {one.url: one.title for shelf in site.shelves for one in shelf.listings}

    assert pages == {
        "storie/anno/2018/": "Le storie del 2018",
        "storie/anno/2016/": "Le storie del 2016",
        "storie/azione/job-community/": "Le storie di «Job community»",
        "storie/luogo/opcafe-rho/": "Le storie di «#OPcafé di Rho»",
        "storie/comune/rho/": "Le storie di Rho",
        "storie/organizzazione/sercop/": "Le storie con Sercop",
    }


def test_a_listing_holds_its_stories_newest_first():
    """The order of the whole list, not that of the files."""
    later = a_story("2016-09-01-dopo", id="st-2016-002", date="2016-09", towns=("rho",))
    earlier = a_story("2016-05-12-prima", towns=("rho",))
    site = a_told_site(stories=(later, earlier))

    town = next(one for one in site.listings if one.url == "storie/comune/rho/")

    assert [page.slug for page in town.pages] == ["2016-09-01-dopo", "2016-05-12-prima"]


def test_a_page_knows_the_listing_of_its_stories():
    """So that it can show a few and lead to all of them."""
    site = a_told_site()

    assert site.listing_of(site.action("job-community")).url == "storie/azione/job-community/"
    assert site.listing_of(site.place("opcafe-rho")).url == "storie/luogo/opcafe-rho/"
    assert site.listing_of(site.member("sercop")).url == "storie/organizzazione/sercop/"
    assert site.listing_of(site.action("formazione")) is None


def test_a_town_leads_to_the_directory_only_where_it_has_members():
    """A town may have stories and no organisation; the link would lead nowhere."""
    told = a_story(towns=("rho", "pero"))
    site = a_told_site(stories=(told,))

    leads = {
        one.slug: one.about_url for one in site.listings if one.url.startswith("storie/comune/")
    }

    assert leads == {"rho": "rete/comune/rho/", "pero": None}


def test_former_names_stand_in_the_alphabet_too():
    """Who knows AFOL Nord Ovest does not look under «Metropolitana»."""
    afol = a_member("afol", title="AFOL Metropolitana", name_2014="AFOL Nord Ovest")
    aei = a_member("a-e-i", title="A&I", name_2014="cooperativa sociale A&I")
    network = Network((afol, aei), (), ())

    names = [(name.letter, name.text, name.former) for name in network.names]

    assert names == [
        ("A", "AFOL Metropolitana", False),
        ("A", "AFOL Nord Ovest", True),
        ("A", "A&I", False),
    ]
    assert network.from_a_to_z.url == "rete/a-z/"
    assert [member.slug for member in network.from_a_to_z.pages] == ["afol", "a-e-i"]


def test_labels_say_how_many_stories_without_telling_them():
    """The row of years stays the same when a story is only reworded."""
    before = a_told_site().labels("anno")
    after = a_told_site(
        stories=(
            a_story("2018-05-15-altra", id="st-2018-001", date="2018-05-15", title="Riscritta"),
            a_story(),
        )
    ).labels("anno")

    assert [(label.name, label.count) for label in before] == [("2018", 1), ("2016", 1)]
    assert after == before


def test_a_listing_says_in_one_sentence_what_it_holds():
    """Where its title stands alone, as among the results of a search."""
    stories = (a_story("2016-05-12-una"), a_story("2016-06-01-due", id="st-2016-002"))
    site = a_site(stories=stories, actions=(an_action(),))

    [year] = [listing for listing in site.listings if listing.kind == "anno"]

    assert year.description == (
        "Le storie del 2016, nell'archivio di #Oltreiperimetri: 2, dalla più recente."
    )


def test_each_shelf_stands_in_the_order_a_reader_looks_for_it():
    """The latest year first, our towns before the others, the organisations as in the list from A to Z."""
    members = (
        a_member("lainate", title="Istituto di Lainate"),
        a_member("grossi", title='Istituto "Grossi"'),
        a_member("afol", title="AFOL"),
        a_member("acli", title="acli"),
    )
    towns = (
        a_town("arese", 9.1, 45.5, in_project=False),
        a_town("rho", 9.0, 45.5),
        a_town("pero", 9.1, 45.5),
    )
    told = {"towns": ("arese", "rho", "pero"), "members": tuple(one.slug for one in members)}
    later = a_story("2018-05-15-altra", id="st-2018-001", date="2018-05-15")
    site = a_told_site(stories=(later, a_story(**told)), network=Network(members, towns, ()))

    shelves = {shelf.kind: [label.name for label in shelf.labels] for shelf in site.shelves}

    assert shelves["anno"] == ["2018", "2016"]
    assert shelves["comune"] == ["Pero", "Rho", "Arese"]
    assert shelves["organizzazione"] == [
        "acli",
        "AFOL",
        "Istituto di Lainate",
        'Istituto "Grossi"',
    ]
