"""The form of the static page asks what the giving understands, in the words it can prove."""

import pytest

from fundraising.consents import LATEST, WORDINGS
from fundraising.form import FIELDS
from fundraising.form_token import TRAP
from tests.site.built_pages import BuiltPage

WAY = "way"
CAMPAIGN = "campagne/colazione-delle-mamme/"


@pytest.fixture(scope="module")
def form(built_site):
    """The form of a campaign's page."""
    page = BuiltPage(built_site / CAMPAIGN / "index.html", f"/{CAMPAIGN}")
    return page.tree.xpath("//form[@action='/api/donate']")[0]


def test_everything_the_giving_asks_can_be_answered_on_the_page(form):
    """And nothing is asked that nobody reads."""
    asked = set(form.xpath(".//input/@name | .//textarea/@name | .//button/@name"))

    assert asked - {TRAP, WAY} == set(FIELDS)


def test_nothing_is_chosen_for_the_donor(form):
    """No fee, no consent, no amount is ticked before somebody ticks it."""
    ticked = [field.get("name") for field in form.xpath(".//input[@checked]")]

    assert ticked == ["frequency", "dedication"]
    assert form.xpath(".//input[@name='dedication'][@checked]/@value") == [""]
    assert form.xpath(".//input[@name='frequency'][@checked]/@value") == ["once"]


def test_no_campaign_is_chosen_for_the_donor(built_site):
    """Where there are several, one is asked for; what each is about is one step away."""
    page = BuiltPage(built_site / "sostieni/index.html", "/sostieni/")
    (form,) = page.tree.xpath("//form[@action='/api/donate']")
    choices = form.xpath(".//input[@name='campaign']")

    assert len(choices) > 1
    assert [choice for choice in choices if choice.get("checked") is not None] == []
    assert all(choice.get("required") is not None for choice in choices)
    assert form.xpath(".//fieldset[.//input[@name='campaign']]//a/@href") == ["../campagne/"]


def test_where_no_campaign_is_chosen_the_amounts_are_those_most_of_them_propose(built_site):
    """Not those of the first, which asks for more than the others; a campaign's page offers its own."""

    def offered(address: str) -> list[str]:
        page = BuiltPage(built_site / address / "index.html", f"/{address}/")
        return page.tree.xpath("//form//input[@type='radio'][@name='amount']/@value")

    assert offered("sostieni") == ["10", "25", "50", "100"]
    assert offered("campagne/affitti-con-garanzia") == ["25", "50", "100"]


def test_form_stands_before_what_can_wait(built_site):
    """The campaigns are met once, as choices; what one can give besides money comes after."""
    page = BuiltPage(built_site / "sostieni/index.html", "/sostieni/")
    (form,) = page.tree.xpath("//form[@action='/api/donate']")

    assert form.xpath("preceding::h2/@id")[-1] == "pt-dona"
    assert form.xpath("following::h2/@id")[0] == "non-solo-soldi"
    assert page.tree.xpath("//main//progress") == []


def test_consents_are_asked_in_the_words_that_are_kept(form):
    """Who asks has to be able to show what was asked (GDPR, article 7)."""
    assert form.xpath(".//input[@name='consent_wording']/@value") == [LATEST]
    for purpose, question in WORDINGS[LATEST].items():
        (label,) = form.xpath(f".//label[input/@name='consent_{purpose.value}']")
        assert label.text_content().strip() == question


def test_trap_for_programs_is_nothing_to_people(form):
    """Hidden from eyes, keyboards and screen readers alike."""
    (trap,) = form.xpath(f".//input[@name='{TRAP}']")

    assert trap.getparent().get("hidden") is not None
    assert trap.get("tabindex") == "-1"


def test_transfer_is_offered_only_where_there_is_an_account(form):
    """No recipient has confirmed one yet."""
    assert form.xpath(f".//button[@name='{WAY}']") == []


@pytest.mark.parametrize(
    ("campaign", "said"),
    [
        (
            "colazione-delle-mamme",
            "I soldi li riceverebbe Ser.Co.P. – Azienda speciale dei Comuni del Rhodense per i servizi alla persona"
            " (ente pubblico).",
        ),
        ("conti-di-casa", "I soldi li riceverebbe Fondazione Comunitaria del Nord Milano."),
    ],
)
def test_who_receives_is_named_once(built_site, campaign, said):
    """By its full name; its kind only where the name does not say it already."""
    page = BuiltPage(built_site / f"campagne/{campaign}/index.html", f"/campagne/{campaign}/")
    (recipient,) = page.tree.find_class("pt-form__recipient")

    assert " ".join(recipient.find("p").text_content().split()) == said


def test_stripe_is_not_taken_for_stripes(form):
    """Stripes is a co-operative of the network; whom the address is given to is said where it is first named."""
    words = " ".join(form.text_content().split())

    first = words[words.index("Stripe") :]
    assert first.startswith("Stripe, la società che gestisce i pagamenti.")
