"""The donate form: everything wrong is told at once, next to its field."""

from datetime import date

import pytest

from fundraising.campaigns import parse_campaigns
from fundraising.consents import Purpose
from fundraising.dedication import Dedication, Kind
from fundraising.donation import Frequency
from fundraising.form import FormErrors, GiftRequest, read_form
from tests.fundraising.conftest import a_form

CAMPAIGNS = parse_campaigns(
    """{"version": 1, "currency": "eur",
        "campaigns": [{"id": "tetto", "title": "Un tetto", "url": "/campagne/tetto/",
            "recipient": "sercop", "example": true, "open": true, "suggested_cents": [2500],
            "minimum_cents": 200, "frequencies": ["once", "month"]}],
        "recipients": [{"id": "sercop", "name": "Sercop", "legal_name": "Sercop",
            "kind": "public_body"}]}"""
)


def fill_in(*, livemode: bool = False, **changes):
    typed = a_form(**changes)
    lists = {name: value if isinstance(value, list) else [value] for name, value in typed.items()}
    return read_form(lists, CAMPAIGNS, livemode=livemode, today=date(2026, 11, 22))


def test_plain_form_is_a_gift_request():
    asked = fill_in()

    assert isinstance(asked, GiftRequest)
    assert asked.amount_cents == 25_00
    assert asked.frequency is Frequency.ONCE
    assert asked.fiscal_code is None
    assert asked.anonymous is False


def test_everything_wrong_is_told_at_once():
    asked = fill_in(
        amount="tanto", frequency="week", email="anna@", first_name="", last_name=" ",
        fiscal_code="ABC",
    )  # fmt: skip

    assert isinstance(asked, FormErrors)
    assert set(asked.messages) == {
        "amount", "frequency", "email", "first_name", "last_name", "fiscal_code"
    }  # fmt: skip


@pytest.mark.parametrize(
    "email",
    ["anna@example.org", "a.b+c@sub.example.it", "o'neill@example.org", "anna@caffè.it"],
)
def test_email_that_can_exist_is_accepted(email):
    assert isinstance(fill_in(email=email), GiftRequest)


@pytest.mark.parametrize(
    "email",
    [
        "", "anna", "anna@", "@example.org", "anna@example", "a b@example.org",
        "anna@example.org\r\nBcc: x@example.org", "anna@example.org,x@example.org",
        "anna@-example.org", "anna@@example.org", "a" * 250 + "@example.org",
    ],
)  # fmt: skip
def test_email_that_cannot_exist_is_told(email):
    asked = fill_in(email=email)

    assert isinstance(asked, FormErrors)
    assert set(asked.messages) == {"email"}


def test_names_from_everywhere_are_names():
    for name in ("Łukasz", "محمد", "Олена", "D'Amàto", "Nguyễn Thị", "王"):
        asked = fill_in(first_name=name)

        assert isinstance(asked, GiftRequest)
        assert asked.first_name == name


def test_name_that_could_not_be_printed_is_told():
    for name in ("An\x00na", "An\x1bna", "x" * 121):
        assert isinstance(fill_in(first_name=name), FormErrors)


def test_invisible_marks_in_a_name_are_dropped():
    """
    A mark that turns the line around would turn the receipt around too.
    """
    asked = fill_in(first_name="An\u202ena\u200b", last_name="  De   Luca ")

    assert isinstance(asked, GiftRequest)
    assert (asked.first_name, asked.last_name) == ("Anna", "De Luca")


def test_suggested_amount_and_another_typed_one_are_asked_back():
    asked = fill_in(amount=["25", "30"])

    assert isinstance(asked, FormErrors)
    assert asked.readings == (25_00, 30_00)


def test_same_amount_twice_is_one_amount():
    asked = fill_in(amount=["25", "25,00", ""])

    assert isinstance(asked, GiftRequest)
    assert asked.amount_cents == 25_00


def test_answer_to_the_question_settles_the_amount():
    """
    The ambiguous text is still in its field, as everything typed is kept.
    """
    asked = fill_in(amount="1.250", chosen_amount="1,25")

    assert isinstance(asked, FormErrors)
    assert "minimo" in asked.messages["amount"]
    assert fill_in(amount="1.250", chosen_amount="1250").amount_cents == 1250_00


def test_reading_out_of_bounds_is_not_offered():
    assert fill_in(amount="1.250").readings == (1250_00,)
    assert fill_in(amount="2.500").readings == (2500_00, 2_50)
    assert fill_in(amount="12.500").readings == (12_50,)
    assert fill_in(amount="12,345").readings == ()


def test_answer_that_contradicts_what_was_typed_later_is_asked_again():
    asked = fill_in(amount="30", chosen_amount="1250")

    assert isinstance(asked, FormErrors)
    assert asked.readings == (30_00, 1250_00)


@pytest.mark.parametrize(
    ("campaign", "said"),
    [
        ("", "Scegli per che cosa donare."),
        ([], "Scegli per che cosa donare."),
        ("nessuna", "Scegli per che cosa donare: questa campagna non c'è."),
    ],
)
def test_without_a_campaign_one_is_asked_for(campaign, said):
    """Nothing chosen is no fault of the campaigns."""
    asked = fill_in(campaign=campaign)

    assert isinstance(asked, FormErrors)
    assert dict(asked.messages) == {"campaign": said}


def test_campaign_that_is_only_an_example_takes_no_real_money():
    asked = fill_in(livemode=True)

    assert isinstance(asked, FormErrors)
    assert "non è aperta" in asked.messages["campaign"]


def test_frequency_the_campaign_does_not_offer_is_told():
    asked = fill_in(frequency="year")

    assert isinstance(asked, FormErrors)
    assert set(asked.messages) == {"frequency"}


def test_covering_the_fee_is_never_preselected():
    assert fill_in().cover_cents == 0


def test_covering_the_fee_adds_to_the_gift_and_wants_a_yes():
    asked = fill_in(cover_fees="1")

    assert (asked.amount_cents, asked.cover_cents, asked.total_cents) == (25_00, 63, 25_63)
    assert asked.must_be_confirmed


def test_cover_does_not_lift_the_largest_amount():
    asked = fill_in(amount="10000", cover_fees="1")

    assert "10.000,00\u00a0€" in asked.messages["cover_fees"]


@pytest.mark.parametrize(("amount", "confirm"), [("499,99", False), ("500", True)])
def test_a_large_gift_wants_a_yes(amount, confirm):
    assert fill_in(amount=amount).must_be_confirmed is confirm


def test_company_gives_with_name_and_number():
    asked = fill_in(company_name=" Officina  Aurora ", vat_number="it 00743110157")

    assert (asked.company_name, asked.vat_number) == ("Officina Aurora", "00743110157")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"company_name": "Officina"}, "vat_number"),
        ({"vat_number": "00743110157"}, "company_name"),
        ({"company_name": "Officina", "vat_number": "00743110158"}, "vat_number"),
        ({"company_name": "Officina", "vat_number": "00000000000"}, "vat_number"),
        ({"company_name": "Officina", "vat_number": "0074311015"}, "vat_number"),
    ],
)
def test_half_a_company_is_asked_back(typed, field):
    assert set(fill_in(**typed).messages) == {field}


def test_dedication_with_a_card():
    asked = fill_in(
        dedication="memory", dedication_name="Rosa", card_email="Bruno@Example.ORG",
        card_text="Per Rosa,\r\ncon affetto.",
    )  # fmt: skip

    assert asked.dedication == Dedication(
        Kind.MEMORY, "Rosa", "Bruno@example.org", "Per Rosa,\r\ncon affetto."
    )


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"dedication_name": "Rosa"}, "dedication"),
        ({"dedication": "birthday", "dedication_name": "Rosa"}, "dedication"),
        ({"dedication": "gift"}, "dedication_name"),
        ({"dedication": "gift", "dedication_name": "Rosa", "card_email": "b@"}, "card_email"),
        ({"dedication": "gift", "dedication_name": "Rosa", "card_text": "Ciao"}, "card_email"),
    ],
)
def test_half_a_dedication_is_asked_back(typed, field):
    assert set(fill_in(**typed).messages) == {field}


@pytest.mark.parametrize(
    "text", ["guarda https://a.example", "vai su premi.com", "x" * 501, "\x07"]
)
def test_a_card_carries_no_addresses_and_no_novels(text):
    """
    The card goes to somebody who did not ask for it.
    """
    asked = fill_in(
        dedication="gift", dedication_name="Rosa", card_email="b@example.org", card_text=text
    )

    assert set(asked.messages) == {"card_text"}


def test_nobody_consents_by_default():
    assert fill_in(consent_wording="2026-11").consents == ()


def test_each_consent_stands_alone():
    asked = fill_in(consent_newsletter="1", consent_wording="2026-11")

    assert asked.consents == (Purpose.NEWSLETTER,)
    assert asked.consent_wording == "2026-11"


@pytest.mark.parametrize("wording", ["", "2019-01"])
def test_consent_to_unknown_words_is_none(wording):
    asked = fill_in(consent_project_news="1", consent_wording=wording)

    assert asked.consents == ()


def test_domain_of_an_address_has_no_capitals():
    assert fill_in(email="Anna@EXAMPLE.org").email == "Anna@example.org"
