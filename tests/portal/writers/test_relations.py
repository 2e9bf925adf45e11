"""The relations: a tie for every pair that shares something, and the reasons of each."""

from portal.model.network import Network
from portal.writers.relations import adjacency, hubs, relations

from .builders import A_SOURCE, a_member, a_place, a_site, a_story, an_action


def site_of(*members, **fields):
    ordered = tuple(
        member.model_copy(update={"order": number}) for number, member in enumerate(members, 1)
    )
    return a_site(network=Network(ordered, (), ()), **fields)


def pairs(site):
    return [
        (tie.one.slug, tie.other.slug, [(hub.kind, hub.title) for hub in tie.reasons])
        for tie in relations(site)
    ]


def test_members_of_an_area_are_tied_by_its_action():
    site = site_of(
        a_member("sercop", areas=("casa",)),
        a_member("stripes", areas=("famiglia",)),
        a_member("la-cordata", areas=("casa",)),
        actions=(an_action("smart-house", number=3, area="casa", title="Smart House"),),
    )

    assert pairs(site) == [("sercop", "la-cordata", [("azione", "Smart House")])]
    assert relations(site)[0].reasons[0].url == "azioni/smart-house/"


def test_area_without_an_action_ties_as_an_area():
    site = site_of(
        a_member("cooperho", areas=("famiglia",)), a_member("stripes", areas=("famiglia",))
    )

    assert pairs(site) == [("cooperho", "stripes", [("area", "Famiglia")])]
    assert relations(site)[0].reasons[0].url == "rete/area/famiglia/"


def test_two_who_share_a_place_and_a_story_have_one_tie_with_two_reasons():
    """In whatever order place and story name them."""
    site = site_of(
        a_member("sercop"),
        a_member("comune-di-rho"),
        places=(a_place(members=("comune-di-rho", "sercop")),),
        stories=(a_story(members=("sercop", "comune-di-rho")),),
    )

    assert pairs(site) == [
        (
            "sercop",
            "comune-di-rho",
            [("luogo", "#OPcafé di Rho"), ("storia", "L'officina che non chiude")],
        )
    ]


def test_three_in_a_story_are_three_ties():
    site = site_of(
        a_member("a-uno"), a_member("b-due"), a_member("c-tre"),
        stories=(a_story(members=("c-tre", "a-uno", "b-due")),),
    )  # fmt: skip

    assert [(one, other) for one, other, _ in pairs(site)] == [
        ("a-uno", "b-due"),
        ("a-uno", "c-tre"),
        ("b-due", "c-tre"),
    ]


def test_fact_told_of_one_with_others_ties_them_all():
    """It is written in the page of one, and leads there."""
    fact = {
        "what": "Emporio della solidarietà",
        "members": ("caritas", "comune-di-rho"),
        "sources": (A_SOURCE,),
    }
    site = site_of(
        a_member("intrecci", named_with=(fact,)), a_member("caritas"), a_member("comune-di-rho")
    )

    reason = [("fatto", "Emporio della solidarietà")]
    assert pairs(site) == [
        ("intrecci", "caritas", reason),
        ("intrecci", "comune-di-rho", reason),
        ("caritas", "comune-di-rho", reason),
    ]
    assert relations(site)[0].reasons[0].url == "rete/intrecci/#pt-insieme-1"
    (elsewhere,) = site.joint_facts_elsewhere(site.member("caritas"))
    assert elsewhere[0].slug == "intrecci"
    assert site.joint_facts_elsewhere(site.member("intrecci")) == ()


def test_what_only_one_member_has_ties_nobody():
    site = site_of(
        a_member("sercop", areas=("casa",)),
        a_member("stripes"),
        places=(a_place(members=("sercop",)),),
        stories=(a_story(members=("stripes",)),),
    )

    assert hubs(site) == ()
    assert relations(site) == ()


def test_table_has_a_row_for_everyone_by_name():
    """Neither capitals nor points matter, as in the list from A to Z, and who has no tie is told too."""
    site = site_of(
        a_member("stripes", title="Stripes", areas=("famiglia",)),
        a_member("aser", title="A.Se.R."),
        a_member("afol", title="AFOL"),
        a_member("cooperho", title="consorzio CoopeRho", areas=("famiglia",)),
    )

    rows = adjacency(site)

    assert [(row.member.title, [n.member.title for n in row.neighbours]) for row in rows] == [
        ("AFOL", []),
        ("A.Se.R.", []),
        ("consorzio CoopeRho", ["Stripes"]),
        ("Stripes", ["consorzio CoopeRho"]),
    ]


def test_row_tells_on_what_once_each_and_actions_first():
    site = site_of(
        a_member("sercop", areas=("casa",)),
        a_member("la-cordata", areas=("casa",)),
        a_member("comune-di-rho"),
        actions=(an_action("smart-house", number=3, area="casa", title="Smart House"),),
        places=(a_place(members=("sercop", "comune-di-rho", "la-cordata")),),
    )

    row = next(row for row in adjacency(site) if row.member.slug == "sercop")

    assert [hub.title for hub in row.hubs] == ["Smart House", "#OPcafé di Rho"]
    assert [(n.member.slug, len(n.reasons)) for n in row.neighbours] == [
        ("comune-di-rho", 1),
        ("la-cordata", 2),
    ]
