"""The two household tools in a real browser: right sums, nothing said to anybody, and a sheet for a pen."""

import io

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from portal.model.translation import LANGUAGES
from tests.axe import faults_of

BUDGET = "/strumenti/bilancio-di-casa/"
RENT = "/strumenti/affitto-sostenibile/"


@pytest.fixture(scope="module")
def phone(browser):
    """A browser on a phone, with nothing in it."""
    context = browser.new_context(viewport={"width": 360, "height": 800})
    yield context
    context.close()


@pytest.fixture
def page(phone):
    page = phone.new_page()
    yield page
    page.close()


@pytest.fixture(scope="module")
def formulas(phone, site_url):
    """Calls a function of household_sums.js in the browser."""
    page = phone.new_page()
    page.goto(site_url + BUDGET)
    call = "async ([name, given]) => (await import('/assets/js/household_sums.js'))[name](given)"
    yield lambda name, given: page.evaluate(call, [name, given])
    page.close()


def fill(page, **amounts: str) -> None:
    """Type amounts into the fields named, and wait until the result is said."""
    for name, amount in amounts.items():
        page.locator(f"#pt-{name.replace('_', '-')}").fill(amount)
    page.wait_for_timeout(700)


def results(page) -> dict[str, str]:
    """What the sheet shows, with plain spaces."""
    cells = page.locator("[data-result]").evaluate_all(
        "cells => cells.map((cell) => [cell.dataset.result, cell.textContent])"
    )
    return {name: text.replace("\u00a0", " ") for name, text in cells}


def advice(page) -> list[str]:
    """Which pieces of advice are on the page."""
    shown = "pieces => pieces.filter((piece) => !piece.hidden).map((piece) => piece.dataset.advice)"
    return page.locator("[data-advice]").evaluate_all(shown)


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("", 0),
        ("  ", 0),
        ("0", 0),
        ("850", 850_00),
        ("850,5", 850_50),
        ("850,50", 850_50),
        ("12.5", 12_50),
        ("12.50", 12_50),
        ("1.250", 1250_00),
        ("1250,99", 1250_99),
        ("1.250,50", 1250_50),
        ("12.345.67", None),
        ("123.456,07", 123_456_07),
        ("€ 25", 25_00),
        ("25 €", 25_00),
        ("1 250,50 euro", 1250_50),
        ("0,07", 7),
        ("1000000", 1_000_000_00),
        ("1000000,01", None),
        ("1,250", None),
        ("1.25.000", None),
        ("01.250", None),
        ("1,234.50", None),
        ("1'000", 1000_00),
        ("1’000,50", 1000_50),
        ("1'00", None),
        ("850,-", 850_00),
        ("1.250,--", 1250_00),
        ("-5", None),
        ("5-", None),
        ("12x", None),
        ("1e3", None),
        (",", None),
    ],
)
def test_amounts_are_read_as_italians_write_them(formulas, typed, cents):
    """
    A point before three figures parts thousands; what is not an amount is nothing, never zero.
    """
    assert formulas("centsOf", typed) == cents


@pytest.mark.parametrize(
    ("income", "fixed", "variable", "instalments", "before", "left", "weight", "state"),
    [
        (1650_50, 660_00, 420_00, 390_00, 570_50, 180_50, 236, "even"),
        (1000_00, 300_00, 300_00, 300_00, 400_00, 100_00, 300, "even"),
        (1000_00, 300_00, 300_00, 300_01, 400_00, 99_99, 301, "heavy"),
        (1500_00, 0, 1, 450_05, 1499_99, 1049_94, 301, "heavy"),
        (1500_00, 0, 0, 450_05, 1500_00, 1049_95, 301, "no-variable"),
        (1450_00, 0, 0, 416_00, 1450_00, 1034_00, 287, "no-variable"),
        (1450_00, 650_00, 0, 0, 800_00, 800_00, 0, "no-variable"),
        (1450_00, 1450_00, 0, 1, 0, -1, 0, "short"),
        (1450_00, 1450_00, 0, 0, 0, 0, 0, "nothing-left"),
        (1000_00, 400_00, 100_00, 400_00, 500_00, 100_00, 400, "heavy"),
        (1000_00, 600_00, 300_00, 100_01, 100_00, -1, 100, "short"),
        (1000_00, 600_00, 300_00, 100_00, 100_00, 0, 100, "nothing-left"),
        (1000_00, 600_00, 300_00, 99_99, 100_00, 1, 100, "even"),
        (1000_00, 600_00, 500_00, 0, -100_00, -100_00, 0, "short"),
        (0, 100_00, 0, 50_00, -100_00, -150_00, None, "no-income"),
        (3, 1, 1, 1, 1, 0, 333, "nothing-left"),
        (1000_00, 0, 0, 0, 1000_00, 1000_00, 0, "no-spending"),
    ],
)  # fmt: skip
def test_the_budget_is_right_to_the_cent(
    formulas, income, fixed, variable, instalments, before, left, weight, state
):
    """
    Left over is income − fixed − variable − instalments; the weight is instalments × 100 : income, in tenths.
    """
    given = {
        "incomeCents": income,
        "fixedCents": fixed,
        "variableCents": variable,
        "instalmentCents": instalments,
    }

    assert formulas("budget", given) == {
        "beforeCents": before,
        "leftCents": left,
        "weightTenths": weight,
        "state": state,
    }


@pytest.mark.parametrize(
    ("income", "rent", "condominium", "utilities", "home", "weight", "left", "line", "within", "state"),
    [
        (2000_00, 450_00, 50_00, 100_00, 600_00, 300, 1400_00, 600_00, 450_00, "even"),
        (2000_00, 450_00, 50_00, 100_01, 600_01, 301, 1399_99, 600_00, 449_99, "heavy"),
        (1450_00, 520_00, 80_00, 110_00, 710_00, 490, 740_00, 435_00, 245_00, "heavy"),
        (700_00, 0, 150_00, 100_00, 250_00, 357, 450_00, 210_00, 0, "heavy"),
        (500_00, 500_00, 0, 0, 500_00, 1000, 0, 150_00, 150_00, "nothing-left"),
        (1450_00, 400_00, 0, 0, 400_00, 276, 1050_00, 435_00, 435_00, "no-utilities"),
        (1450_00, 330_00, 70_00, 0, 400_00, 276, 1050_00, 435_00, 365_00, "no-utilities"),
        (1450_00, 0, 0, 110_00, 110_00, 76, 1340_00, 435_00, 325_00, "no-rent"),
        (500_00, 500_00, 0, 1, 500_01, 1000, -1, 150_00, 149_99, "short"),
        (0, 500_00, 0, 0, 500_00, None, -500_00, 0, 0, "no-income"),
        (99, 0, 0, 0, 0, 0, 99, 29, 29, "no-home"),
    ],
)  # fmt: skip
def test_the_rent_check_is_right_to_the_cent(
    formulas, income, rent, condominium, utilities, home, weight, left, line, within, state
):
    """
    The home is rent + condominium + utilities; the line is 30 % of income, rounded down; no rent is below zero.
    """
    given = {
        "incomeCents": income,
        "rentCents": rent,
        "condominiumCents": condominium,
        "utilityCents": utilities,
    }

    assert formulas("rent", given) == {
        "homeCents": home,
        "weightTenths": weight,
        "leftCents": left,
        "lineCents": line,
        "rentWithinCents": within,
        "state": state,
    }


def test_the_budget_adds_up_as_one_types(page, site_url):
    """
    Every step is shown, one sentence says the outcome, and the advice is the one that fits.
    """
    page.goto(site_url + BUDGET)

    fill(page, stipendi="1.450", assegni="200,50")
    fill(page, affitto="520", bollette="140", spesa="420", prestiti="390", carte="110")

    assert results(page) == {
        "income": "1.650,50 €",
        "fixed": "660,00 €",
        "variable": "420,00 €",
        "instalments": "500,00 €",
        "before": "570,50 €",
        "left": "70,50 €",
        "weight": "30,3%",
    }
    assert advice(page) == ["heavy"]
    said = page.get_by_role("status").inner_text().replace("\u00a0", " ")
    assert said == (
        "A fine mese restano 70,50 €, ma le rate prendono 30,3 euro ogni 100 che entrano."
    )


def test_what_is_below_zero_has_the_sign_of_the_formulas(page, site_url):
    """A minus, as in «E − D»: a hyphen is read as a dash, or not at all."""
    page.goto(site_url + BUDGET)

    fill(page, stipendi="1.000", affitto="900", prestiti="630")

    assert results(page)["left"] == "−530,00 €"


def test_the_rent_check_adds_up_as_one_types(page, site_url):
    """
    What the home costs, what it weighs, what is left, and which rent would stay within the line.
    """
    page.goto(site_url + RENT)

    fill(page, stipendi="1.450", affitto="520", condominio="80", luce_gas="110")

    assert results(page) == {
        "income": "1.450,00 €",
        "home": "710,00 €",
        "weight": "49,0%",
        "left": "740,00 €",
        "line": "435,00 €",
        "within": "245,00 €",
    }
    assert advice(page) == ["heavy"]


def test_with_a_row_that_cannot_be_read_there_is_no_verdict(page, site_url):
    """
    It is said beside its field, and where the result would be: a silent zero would make debts look light.
    """
    page.goto(site_url + BUDGET)

    fill(page, stipendi="1000", spesa="300", prestiti="12x")

    field = page.get_by_label("Prestiti e cessione dello stipendio")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("«12x» non si capisce. Scrivilo così: 1.250,50")
    expect(page.get_by_role("status")).to_contain_text(
        "Una riga è da correggere: «Prestiti e cessione dello stipendio». Senza, il conto non si può fare."
    )
    page.get_by_role("status").get_by_role("link").click()
    expect(field).to_be_focused()
    assert set(results(page).values()) == {""}
    assert advice(page) == []


def test_rows_that_cannot_be_read_are_told_from_each_other(page, site_url):
    """
    Their names have commas too.
    """
    page.goto(site_url + BUDGET)

    fill(page, assegni="boh", svago="12x")

    expect(page.get_by_role("status")).to_contain_text(
        "2 righe sono da correggere: «Assegni, sussidi, aiuti», «Tempo libero, sigarette, giochi». Senza"
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1,250.50", "«1,250.50» non si capisce. Scrivilo così: 1.250,50"),
        ("1,250", "«1,250» non si capisce. Scrivilo così: 1.250"),
        ("12,345,678.9", "«12,345,678.9» non si capisce. Scrivilo così: 12.345.678,9"),
        ("boh", "«boh» non si capisce. Scrivilo così: 1.250,50"),
        ("-50", "«-50» è sotto zero. Scrivilo senza il segno: 50"),
        ("- 1.250,50", "«- 1.250,50» è sotto zero. Scrivilo senza il segno: 1.250,50"),
        ("-boh", "«-boh» non si capisce. Scrivilo così: 1.250,50"),
        ("10000000", "«10000000» è più di un milione: forse c'è uno zero di troppo."),
    ],
)
def test_what_cannot_be_read_is_shown_as_one_should_write_it(formulas, typed, said):
    """
    The same amount, where only its points and commas are the English way round.
    """
    assert formulas("faultOf", typed) == said


def test_advice_names_sums_by_letter_only_for_a_pen(page, site_url):
    """
    Once the page has done them, it speaks plainly; with the sheet emptied the letters are back.
    """
    page.goto(site_url + BUDGET)
    heavy = page.locator("[data-advice=heavy]")
    expect(heavy).to_contain_text("Se C e F sono più di zero e G è più di 30", use_inner_text=True)

    fill(page, stipendi="1500", spesa="300", prestiti="450,05")

    expect(heavy).to_contain_text("Le rate prendono tanto", use_inner_text=True)
    expect(heavy).not_to_contain_text("Se C", use_inner_text=True)
    assert results(page)["weight"] == "30,1%"
    page.get_by_role("button", name="Svuota il foglio").click()
    expect(heavy).to_contain_text("Se C", use_inner_text=True)


@pytest.mark.parametrize(
    ("address", "said"), [(BUDGET, "Scrivi anche le spese"), (RENT, "Scrivi l'affitto")]
)
def test_with_an_income_alone_nobody_is_told_that_all_is_well(page, site_url, address, said):
    """
    What weighs most has not been written yet.
    """
    page.goto(site_url + address)

    fill(page, stipendi="1500")

    expect(page.get_by_role("status")).to_contain_text(said)
    assert advice(page) == []


FOOD_MISSING = "Scrivi anche le spese che cambiano, almeno quella per mangiare: senza, il conto non dice niente."
BILLS_MISSING = "Scrivi anche le bollette, almeno a occhio: senza, il conto non dice niente."


@pytest.mark.parametrize(
    ("address", "amounts", "said"),
    [
        (BUDGET, {"prestiti": "180", "carte": "76", "arretrati": "60", "altre_rate": "100"}, FOOD_MISSING),
        (BUDGET, {"affitto": "650"}, FOOD_MISSING),
        (RENT, {"affitto": "400"}, BILLS_MISSING),
        (RENT, {"affitto": "330", "condominio": "70"}, BILLS_MISSING),
    ],
)  # fmt: skip
def test_a_sheet_half_filled_in_is_not_called_fine(page, site_url, address, amounts, said):
    """What nobody lives without has not been written yet: the sheet asks for it, and gives no verdict."""
    page.goto(site_url + address)

    fill(page, stipendi="1450", **amounts)

    expect(page.get_by_role("status")).to_have_text(said)
    assert advice(page) == []
    expect(page.locator("[data-part=advice]")).to_be_hidden()


@pytest.mark.parametrize(
    ("address", "amounts", "said"),
    [
        (BUDGET, {"affitto": "650", "spesa": "800"}, "Non resta niente: basta un imprevisto."),
        (BUDGET, {"affitto": "650", "prestiti": "800"}, "Non resta niente: basta un imprevisto."),
        (
            RENT,
            {"affitto": "1300", "luce_gas": "150"},
            "La casa prende tutto quello che entra: per il resto non rimane niente.",
        ),
    ],
)
def test_with_nothing_left_one_is_told_whom_to_call(page, site_url, address, amounts, said):
    """To the cent: what stands up only as long as nothing happens does not stand up."""
    page.goto(site_url + address)

    fill(page, stipendi="1450", **amounts)

    expect(page.get_by_role("status")).to_have_text(said)
    assert advice(page) == ["nothing-left"]
    expect(page.locator("[data-advice=nothing-left]")).to_contain_text(
        "con chi trovi qui sotto", use_inner_text=True
    )


@pytest.mark.parametrize("amounts", [{"stipendi": "1500"}, {"stipendi": "1500", "affitto": "boh"}])
@pytest.mark.parametrize("address", [BUDGET, RENT])
def test_nobody_is_asked_what_now_without_an_answer(page, site_url, address, amounts):
    """
    The heading goes with the advice under it, and comes back with it.
    """
    page.goto(site_url + address)
    heading = page.get_by_role("heading", name="E adesso?")
    expect(heading).to_be_visible()

    fill(page, **amounts)

    expect(heading).to_be_hidden()
    fill(page, affitto="300", **{"spesa" if address == BUDGET else "luce_gas": "120"})
    expect(heading).to_be_visible()


@pytest.mark.parametrize("address", [BUDGET, RENT])
def test_what_will_say_the_result_is_there_before_it_speaks(page, site_url, address):
    """
    A screen reader listens to what it found when the page came; what appears later it may not hear. It takes no room.
    """
    page.goto(site_url + address)
    saying = page.get_by_role("status")

    expect(saying).to_have_count(1)
    expect(saying).to_have_text("")
    assert saying.bounding_box()["height"] == 0


def test_the_keyboard_is_enough(page, site_url):
    """
    Tab goes from line to line, and emptying the sheet brings one back to the first.
    """
    page.goto(site_url + RENT)
    page.get_by_label("Stipendi e pensioni").focus()
    page.keyboard.type("1200")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Assegni, sussidi, aiuti")).to_be_focused()

    page.get_by_role("button", name="Svuota il foglio").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_label("Stipendi e pensioni")).to_be_focused()
    expect(page.get_by_label("Stipendi e pensioni")).to_have_value("")
    assert set(results(page).values()) == {""}
    assert advice(page) == ["no-income", "short", "nothing-left", "heavy", "even"]


def test_the_sheets_are_found_without_knowing_of_them(built_pages):
    """From the foot of every Italian page to both, and from the needs to each."""
    italian = [page for page in built_pages if page.tree.find_class("pt-footer__link")]
    italian = [page for page in italian if page.url.split("/")[1] not in LANGUAGES]
    needs = next(page for page in built_pages if page.url == "/bisogni/")

    assert italian
    assert [page.url for page in italian if "/strumenti/" not in page.links] == []
    assert {BUDGET, RENT} <= set(needs.links)


@pytest.mark.parametrize("address", [BUDGET, RENT])
def test_nothing_leaves_the_page_and_nothing_stays(page, site_url, address):
    """
    No request while one types or presses Enter, nothing in the address, and no cookie or storage of any kind.
    """
    page.goto(site_url + address)
    page.wait_for_load_state("networkidle")
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    fill(page, stipendi="1450", affitto="520")
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)

    kept = page.evaluate(
        """async () => [localStorage.length, sessionStorage.length, document.cookie,
        (await indexedDB.databases()).length, (await caches.keys()).length]"""
    )
    assert asked == []
    assert page.url == site_url + address
    assert kept == [0, 0, "", 0, 0]
    assert page.context.cookies() == []


@pytest.mark.parametrize(("address", "lines", "steps"), [(BUDGET, 23, 7), (RENT, 7, 6)])
def test_without_scripts_it_is_a_sheet_for_a_pen(browser, site_url, address, lines, steps):
    """
    A line for each amount, how to do each sum, all the advice; printed on two sheets of A4 without the rest.
    """
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site_url + address)
    buttons = page.locator("[data-part=buttons]").is_visible()
    explained = page.locator("[data-part=by-hand]").is_visible()

    page.emulate_media(media="print")
    fields = page.locator("input[data-group]").filter(visible=True).count()
    results_shown = page.locator("[data-result]").filter(visible=True).count()
    advice_shown = page.locator("[data-advice]").filter(visible=True).count()
    help_shown = page.locator(".pt-help").is_visible()
    paper = PdfReader(io.BytesIO(page.pdf(format="A4")))
    context.close()

    assert (buttons, explained, help_shown) == (False, True, False)
    assert (fields, results_shown, advice_shown) == (lines, steps, 5)
    assert len(paper.pages) <= 2


@pytest.mark.parametrize(
    ("address", "missing", "fine"),
    [
        (BUDGET, "Se F è più di zero ma C è zero, scrivi anche le spese", "Se C e F sono più di zero"),
        (RENT, "Se C è 30 o meno ma mancano l'affitto o le bollette, scrivi", "e le bollette ci sono"),
    ],
)  # fmt: skip
def test_on_paper_too_good_news_needs_the_whole_sheet(built_pages, address, missing, fine):
    """What the page says by itself, the pen is told by letters."""
    page = next(page for page in built_pages if page.url == address)
    (said,) = page.tree.find_class("pt-sheet__advice")
    (even,) = said.xpath("p[@data-advice='even']")

    assert missing in " ".join(said.text_content().split())
    assert fine in even.text_content()


def test_what_was_typed_is_on_the_paper(page, site_url):
    """
    To bring along: the amounts, the results, and whom to turn to.
    """
    page.goto(site_url + BUDGET)
    fill(page, stipendi="1.450", affitto="520")

    paper = PdfReader(io.BytesIO(page.pdf(format="A4")))

    text = " ".join(sheet.extract_text() for sheet in paper.pages).replace("\u00a0", " ")
    assert "930,00 €" in text
    assert "Fondazione San Bernardino" in text
    assert "Svuota il foglio" not in text


@pytest.mark.parametrize("address", [BUDGET, RENT])
def test_no_word_of_the_sums_is_broken_on_paper(page, site_url, address):
    """
    The results are narrower than the word above them.
    """
    page.goto(site_url + address)
    fill(page, stipendi="850", affitto="20")

    paper = PdfReader(io.BytesIO(page.pdf(format="A4")))

    assert "Risultato" in " ".join(sheet.extract_text() for sheet in paper.pages)


@pytest.mark.parametrize("address", [BUDGET, RENT])
def test_nobody_to_turn_to_is_named_twice(page, site_url, address):
    """
    Who listens may also be the door to knock at: then it stands there, and leads to its page.
    """
    page.goto(site_url + address)

    names = page.locator(".pt-sheet__people .pt-names__item > :first-child").all_inner_texts()

    assert len(names) > 3
    assert len(names) == len(set(names))


@pytest.mark.parametrize("address", [BUDGET, RENT])
@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_axe_finds_nothing_on_a_sheet_in_use(browser, site_url, address, width, scheme):
    """
    With results, and with a line that cannot be read; and nothing sticks out sideways.
    """
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    page.goto(site_url + address)
    fill(page, stipendi="1450", affitto="boh")

    faults = faults_of(page)
    wide = page.evaluate("document.documentElement.scrollWidth")
    context.close()

    assert faults == {}
    assert wide <= width
