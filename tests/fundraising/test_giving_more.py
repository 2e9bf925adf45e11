"""What a donor may add to a gift: the fee, a dedication, a company, a consent."""

import pytest
from justhtml import JustHTML

from fundraising.doctor import examine
from tests.fundraising.conftest import a_form


def fields(page):
    """What a browser would send back from the form on a page."""
    form = JustHTML(page, sanitize=False, strict=True).query("form")[0]
    sent = {}
    for field in form.query("input"):
        kind = field.attrs.get("type", "text")
        if kind not in {"checkbox", "radio"} or "checked" in field.attrs:
            sent[field.attrs["name"]] = field.attrs.get("value", "")
    return sent


def test_total_with_the_fee_is_said_in_words_before_paying(house):
    """
    One page between the form and the checkout, and nothing in the books yet.
    """
    answer = house.client.post("/api/donate", data=a_form(cover_fees="1", company_name=""))

    assert answer.status_code == 200
    page = answer.text.replace("\u00a0", " ")
    assert "25,63 €</strong>, venticinque euro e sessantatré centesimi" in page
    assert "0,63 €" in page
    assert "Non abbiamo ancora addebitato nulla" in page
    assert house.sandbox.account.store.all("checkout.session") == []


def test_saying_yes_leads_to_the_checkout(house):
    page = house.client.post("/api/donate", data=a_form(cover_fees="1")).text

    answer = house.client.post("/api/donate", data=fields(page))

    assert answer.status_code == 303
    [session] = house.sandbox.account.store.all("checkout.session")
    assert session["amount_total"] == 25_63
    [text] = [item["_text"] for item in session["_items"]]
    assert text.replace("\u00a0", " ") == (
        "Venticinque euro e sessantatré centesimi, di cui 0,63 € per le commissioni. "
        "Erogazione liberale a Sercop – azienda speciale"
    )


def test_changing_something_keeps_everything_typed(house):
    page = house.client.post(
        "/api/donate", data=a_form(amount="30,50", cover_fees="1", fiscal_code="")
    ).text

    answer = house.client.post("/api/donate", data=fields(page) | {"change": "1"})

    assert answer.status_code == 200
    kept = fields(answer.text)
    assert (kept["amount"], kept["email"], kept["cover_fees"]) == ("30,50", "anna@example.org", "1")


def test_a_yes_to_another_total_is_no_yes(house):
    answer = house.client.post("/api/donate", data=a_form(amount="900", confirmed="50000"))

    assert answer.status_code == 200
    assert "novecento euro" in answer.text


def test_cover_is_a_line_of_its_own_and_part_of_the_total(house):
    """
    The books balance with Stripe's, and a refund gives back the cover as well.
    """
    page = house.client.post("/api/donate", data=a_form(cover_fees="1")).text
    house.client.post("/api/donate", data=fields(page))
    [session] = house.sandbox.account.store.all("checkout.session")
    house.sandbox.pay_by_card(session["id"])
    house.look("checkout.session", session["id"])

    postings = {row["account"]: row["amount_cents"] for row in house.query("all_postings")}
    assert postings == {
        "Assets:Stripe": 25_00,
        "Expenses:Fees:Stripe": 63,
        "Income:Donations": -25_00,
        "Income:FeeCover": -63,
    }
    [total] = house.query("confirmed_by_campaign", livemode=0)
    assert total["confirmed_cents"] == 25_63
    [receipt] = house.query("all_receipts")
    assert receipt["amount_cents"] == 25_63

    house.sandbox.refund(session["id"])
    house.look("checkout.session", session["id"])

    [total] = house.query("confirmed_by_campaign", livemode=0)
    assert (int(total["gifts"]), int(total["confirmed_cents"])) == (0, 0)
    assert examine(house.parts) == []


def test_what_was_added_is_in_the_books_and_not_at_stripe(house):
    house.give(
        company_name="Officina Aurora", vat_number="00743110157", dedication="gift",
        dedication_name="Rosa", card_email="rosa@example.org", card_text="Auguri",
        consent_newsletter="1", consent_wording="2026-11",
    )  # fmt: skip

    [donor] = house.query("donors_of_email", email="anna@example.org", livemode=0)
    assert (donor["kind"], donor["vat_number"]) == ("company", "00743110157")
    assert (donor["dedication"], donor["dedication_name"]) == ("gift", "Rosa")
    [consent] = house.query("consents_of_person", email="anna@example.org", livemode=0)
    assert (consent["purpose"], consent["granted"], consent["wording"], consent["place"]) == (
        "newsletter", 1, "2026-11", "form",
    )  # fmt: skip
    told = str(house.sandbox.account.store.all("checkout.session"))
    for private in ("Aurora", "00743110157", "Rosa", "Auguri"):
        assert private not in told


def test_nothing_is_ticked_before_the_donor_ticks_it(house):
    page = house.client.get("/api/donate?campaign=tetto&amount=25").text

    ticked = {name for name in fields(page) if name.startswith(("consent_", "cover", "anonymous"))}
    assert ticked == {"consent_wording"}
    assert "25,00\u00a0€</strong>, cioè venticinque euro." in page


@pytest.mark.parametrize("field", ["company_name", "dedication_name", "card_text"])
def test_what_was_folded_away_opens_with_what_was_typed(house, field):
    page = house.client.post("/api/donate", data=a_form(email="", **{field: "Rosa"})).text

    opened = [
        part
        for part in JustHTML(page, sanitize=False, strict=True).query("details")
        if "open" in part.attrs
    ]
    assert len(opened) == 1
    assert "Rosa" in opened[0].to_html()
