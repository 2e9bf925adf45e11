"""The lists of the site as they are published: the archive, the directory, the boards, the map made large."""

import re

import pytest
from lxml import html
from playwright.sync_api import expect

from tests.axe import faults_of


@pytest.fixture(params=[360, 1280])
def visitor(request, browser):
    """A page at one width; `complaints` holds what the browser objects to."""
    context = browser.new_context(viewport={"width": request.param, "height": 800})
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    assert page.complaints == []
    context.close()


@pytest.fixture
def without_scripts(browser):
    """A page on a phone whose browser runs no script."""
    context = browser.new_context(viewport={"width": 360, "height": 800}, java_script_enabled=False)
    yield context.new_page()
    context.close()


def choose(page, label):
    """The field of one filter."""
    return page.get_by_role("combobox", name=label)


def main_of(built_site, address):
    """The part of a built page that is its own."""
    return html.document_fromstring((built_site / address / "index.html").read_bytes()).find(
        ".//main"
    )


def test_each_year_with_stories_has_its_page(built_site):
    """The page of 2016 holds the stories of 2016, all of them and no other."""
    stories = {folder.name for folder in (built_site / "storie").glob("2016-*")}

    links = {a.get("href") for a in main_of(built_site, "storie/anno/2016").iter("a")}

    assert {re.sub(r".*/([^/]+)/$", r"\1", link) for link in links if "2016-" in link} == stories


def test_stories_lead_to_every_page_of_the_archive(built_site):
    """No generated page is an island."""
    pages = {
        file.parent.relative_to(built_site / "storie").as_posix()
        for file in (built_site / "storie").glob("*/*/index.html")
    }

    links = {a.get("href") for a in main_of(built_site, "storie").iter("a")}

    assert pages
    assert {f"../storie/{page}/" for page in pages} <= links


def test_an_action_with_many_stories_shows_six_and_leads_to_all(built_site):
    """The page of an action is not an archive."""
    main = main_of(built_site, "azioni/smart-house")
    every = main_of(built_site, "storie/azione/smart-house")
    told = len(every.xpath(".//section[@aria-labelledby='pt-elenco']//article"))

    shown = main.xpath(".//section[@aria-labelledby='pt-storie']//article")
    more = main.xpath(".//a[@href='../../storie/azione/smart-house/']")

    assert len(shown) == min(told, 6)
    assert len(more) == (1 if told > 6 else 0)


def test_a_story_leads_to_the_help_it_tells_of(built_site):
    """Who reads of a leaflet about debts finds the page on debts under it; other stories ask nothing."""
    told = main_of(built_site, "storie/2016-02-01-un-volantino-nella-bolletta")
    (asked,) = told.xpath(".//section[h2='Ti riguarda?']")

    assert asked.xpath(".//a/@href") == ["../../bisogni/spese-e-debiti/"]
    no_action = main_of(built_site, "storie/2017-01-colazione-delle-mamme")
    assert no_action.xpath(".//h2[.='Ti riguarda?']") == []


def test_who_wants_to_follow_us_meets_the_newsletter_first(built_site):
    """Most people read letters; few know what a feed is."""
    headings = [h2.text for h2 in main_of(built_site, "segui").iter("h2")]
    first_link = main_of(built_site, "segui").xpath("(.//h2/following-sibling::*//a/@href)[1]")

    assert headings[0] == "La newsletter"
    assert first_link == ["../newsletter/"]


def test_an_action_tells_apart_whom_to_ask_and_where_to_go(built_site):
    """«A chi rivolgersi» and «Dove rivolgerti» were one thing to who looked for either."""
    actions = sorted(file.parent.name for file in (built_site / "azioni").glob("*/index.html"))

    for action in actions:
        headings = [h2.text for h2 in main_of(built_site, f"azioni/{action}").iter("h2")]
        assert {"A chi chiedere", "Dove andare"} <= set(headings), action
        assert not [heading for heading in headings if "rivolg" in heading], action


def test_former_names_lead_to_who_has_them_now(built_site):
    """«AFOL Nord Ovest» is how people still call it."""
    items = main_of(built_site, "rete/a-z").xpath(".//li[contains(., 'AFOL Nord Ovest')]")

    texts = [" ".join(" ".join(item.itertext()).split()) for item in items]

    assert "AFOL Nord Ovest oggi AFOL Metropolitana" in texts
    assert any(text.endswith("già AFOL Nord Ovest") for text in texts)


def test_home_counts_the_network_in_good_italian_and_to_the_last_member(built_site):
    """The roles add up; under the map stands how many have no mark, and where they are named."""
    home = main_of(built_site, "")
    figures = home.xpath(".//section[@aria-labelledby='pt-rete']//*[@class='pt-figure']")
    said = [" ".join(figure.text_content().split()) for figure in figures]
    marks = home.xpath(".//svg//a[contains(@class, 'pt-map__mark')]")
    (caption,) = home.xpath(".//figcaption")
    (unplaced,) = main_of(built_site, "mappa").xpath(
        ".//section[@aria-labelledby='pt-senza-comune']/ul"
    )

    assert said == ["1 capofila", "10 partner", "32 firmatari dell'accordo di rete"]
    assert f"{len(marks)} sulla mappa; di {len(unplaced)} non conosciamo" in caption.text_content()
    assert "mappa/#pt-senza-comune" in [
        link.rpartition("./")[2] for link in caption.xpath(".//a/@href")
    ]
    assert len(marks) + len(unplaced) == 43


@pytest.mark.parametrize("address", ["rete", "rete/comune/rho"])
def test_towns_count_every_member_also_those_of_no_known_town(built_site, address):
    """A sum that does not come to 43 looks like a fault of the list."""
    (towns,) = main_of(built_site, address).xpath(".//ul[.//a[contains(@href, 'rete/comune/')]]")

    assert sum(int(count.text) for count in towns.find_class("pt-tag__count")) == 43
    assert towns.xpath("./li[last()]/a")[0].text.strip() == "Non lo sappiamo"


def test_role_town_and_area_combine(visitor, site_url):
    """Sercop leads alone, and its seat is not in Lainate; one hears how many are left."""
    visitor.goto(f"{site_url}/rete/")
    left = visitor.locator("[data-directory-list] > li:visible")

    choose(visitor, "Ruolo").select_option("Il capofila")
    expect(visitor.get_by_role("status")).to_have_text("1 organizzazione su 43")
    assert [name.strip() for name in left.locator("a").all_inner_texts()] == ["Sercop"]

    choose(visitor, "Comune").select_option("Lainate")
    expect(visitor.get_by_role("status")).to_have_text(
        "Nessuna organizzazione: prova a togliere un filtro"
    )
    expect(left).to_have_count(0)

    visitor.get_by_role("button", name="Togli i filtri").click()
    expect(left).to_have_count(43)


def test_filters_are_cleared_only_where_one_is_set(visitor, site_url):
    """A button with nothing to do is in the way; who pressed it goes on from the fields."""
    visitor.goto(f"{site_url}/rete/")
    button = visitor.get_by_role("button", name="Togli i filtri")
    expect(button).to_be_hidden()

    choose(visitor, "Comune").select_option("Rho")
    expect(button).to_be_visible()
    button.press("Enter")

    expect(button).to_be_hidden()
    expect(choose(visitor, "Ruolo")).to_be_focused()


def test_a_filtered_list_has_no_letters_and_its_columns_begin_at_one_height(visitor, site_url):
    """With a letter here and none there the columns of a short list began each where it liked."""
    visitor.set_viewport_size({"width": 1280, "height": 900})
    visitor.goto(f"{site_url}/rete/")

    choose(visitor, "Ruolo").select_option("I partner")

    expect(visitor.locator(".pt-names__letter:visible")).to_have_count(0)
    boxes = [
        item.bounding_box() for item in visitor.locator("[data-directory-list] > li:visible").all()
    ]
    tops: dict[int, float] = {}
    for box in boxes:
        tops[round(box["x"])] = min(box["y"], tops.get(round(box["x"]), box["y"]))
    assert len(tops) == 3
    assert len({round(top) for top in tops.values()}) == 1


@pytest.mark.parametrize(
    ("address", "label"),
    [("rete", "Gli stessi elenchi, pagina per pagina"), ("rete/comune/vanzago", "Cambia elenco")],
)
def test_the_names_come_before_the_ways_to_other_lists(built_site, address, label):
    """One came for the names; the pages of every value wait below, folded."""
    main = main_of(built_site, address)
    (folded,) = main.iter("details")

    assert folded.findtext("summary") == label
    assert folded.get("open") is None
    assert main.xpath("count(.//*[@class='pt-tag'])") == len(folded.find_class("pt-tag")) > 20
    assert folded.xpath("preceding::ul[contains(@class, 'pt-names')]")


def test_combined_filters_agree_with_the_pages_of_each_value(visitor, site_url):
    """The list of Lainate, filtered, is the page of Lainate."""
    visitor.goto(f"{site_url}/rete/comune/lainate/")
    page = set(visitor.locator("main .pt-names__name").all_inner_texts())
    visitor.goto(f"{site_url}/rete/")

    choose(visitor, "Comune").select_option("Lainate")

    filtered = visitor.locator("[data-directory-list] > li:visible .pt-names__name")
    assert set(filtered.all_inner_texts()) == page


def test_without_scripts_the_directory_has_no_filters_and_lacks_nothing(without_scripts, site_url):
    """A field that does nothing is worse than none."""
    without_scripts.goto(f"{site_url}/rete/")

    expect(without_scripts.locator("[data-directory]")).to_be_hidden()
    expect(without_scripts.locator("[data-directory-list] > li:visible")).to_have_count(43)


def test_the_map_grows_by_keyboard_and_escape_takes_it_back(visitor, site_url):
    """Open, plus, plus, Escape: one is where one was."""
    visitor.goto(f"{site_url}/mappa/")
    opener = visitor.get_by_role("button", name="Ingrandisci la mappa")
    opener.focus()

    visitor.keyboard.press("Enter")
    expect(visitor.get_by_role("dialog", name="La mappa ingrandita")).to_be_visible()
    width = visitor.locator(".pt-map").bounding_box()["width"]
    visitor.keyboard.press("+")
    visitor.keyboard.press("+")
    expect(visitor.locator("dialog output")).to_have_text("225%")
    assert visitor.locator(".pt-map").bounding_box()["width"] == pytest.approx(
        2.25 * width, rel=0.01
    )
    visitor.keyboard.press("Escape")

    expect(visitor.locator("dialog")).to_be_hidden()
    expect(opener).to_be_focused()
    expect(visitor.locator("[data-map] > .pt-scroll .pt-map")).to_be_visible()


SIZES_OF_MARKS = "marks => marks.map(mark => mark.getBoundingClientRect()).map(box => Math.min(box.width, box.height))"


@pytest.mark.parametrize("address", ["/", "/mappa/"])
@pytest.mark.parametrize("size", [(360, 640), (768, 1024), (1280, 700)])
def test_the_large_map_is_larger_than_the_one_on_the_page(browser, site_url, address, size):
    """And a step back shows the whole of it."""
    width, height = size
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(f"{site_url}{address}")
    marks = page.locator(".pt-map__mark")
    on_the_page = min(marks.evaluate_all(SIZES_OF_MARKS))

    page.get_by_role("button", name="Ingrandisci la mappa").click()
    opened = min(marks.evaluate_all(SIZES_OF_MARKS))
    page.get_by_role("button", name="Più piccola").click()
    region = page.locator("dialog .pt-scroll").bounding_box()
    whole = page.locator(".pt-map").bounding_box()

    page.close()
    assert opened >= 1.25 * on_the_page
    assert opened >= 24
    assert whole["width"] <= region["width"] + 1
    assert whole["height"] <= region["height"] + 1


@pytest.mark.parametrize("address", ["/", "/mappa/"])
def test_on_a_phone_a_mark_on_the_map_is_as_large_as_a_fingertip_asks(browser, site_url, address):
    """24 pixels: the home page has no list beside it that says the same."""
    page = browser.new_page(viewport={"width": 360, "height": 640})
    page.goto(f"{site_url}{address}")

    smallest = min(page.locator(".pt-map__mark").evaluate_all(SIZES_OF_MARKS))

    page.close()
    assert smallest >= 24


def pass_by(visitor, name):
    """Take the link of this *name*, which is seen only with the focus, and go one step on from where it leads."""
    past = visitor.get_by_role("link", name=name)
    assert past.bounding_box()["width"] <= 1

    past.focus()
    assert past.bounding_box()["width"] > 60
    past.press("Enter")
    visitor.keyboard.press("Tab")


def test_the_keyboard_may_pass_by_the_map(visitor, site_url):
    """It is some forty steps, and on the home page one came for something else."""
    visitor.goto(f"{site_url}/")

    pass_by(visitor, "Salta la mappa")

    assert visitor.evaluate("!!document.activeElement.closest('figcaption')")


def test_a_mouse_drags_the_large_map_without_opening_a_mark(visitor, site_url):
    """The drag begins on a mark, and the page stays."""
    visitor.goto(f"{site_url}/mappa/")
    visitor.get_by_role("button", name="Ingrandisci la mappa").click()
    for _ in range(2):
        visitor.get_by_role("button", name="Più grande").click()
    mark = visitor.locator('.pt-map__mark[href$="/sercop/"] .pt-map__sign')
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before = visitor.locator("dialog .pt-scroll").evaluate("region => region.scrollTop")

    visitor.mouse.move(x, y)
    visitor.mouse.down()
    visitor.mouse.move(x, y - 40, steps=4)
    visitor.mouse.up()

    after = visitor.locator("dialog .pt-scroll").evaluate("region => region.scrollTop")
    assert after == pytest.approx(before + 40, abs=2)
    assert visitor.url == f"{site_url}/mappa/"


def test_axe_finds_nothing_on_the_large_map(visitor, site_url):
    """Open, in the window it fills."""
    visitor.goto(f"{site_url}/mappa/")
    visitor.get_by_role("button", name="Ingrandisci la mappa").click()

    assert faults_of(visitor) == {}


def test_without_scripts_the_map_offers_no_button(without_scripts, site_url):
    """It is there to look at, as always."""
    without_scripts.goto(f"{site_url}/mappa/")

    expect(without_scripts.locator("[data-map-open]")).to_be_hidden()
    expect(without_scripts.locator(".pt-map")).to_be_visible()


def test_empty_boards_say_so(built_site):
    """No opportunity is known today, and none is made up; what one can do meanwhile follows at once."""
    for board in ("opportunita", "corsi"):
        main = main_of(built_site, board)
        words = main.text_content()
        headings = [" ".join(heading.split()) for heading in main.xpath(".//h2/text()")]

        assert headings[1:3] == ["Intanto", "Che cosa metteremo qui"]
        assert main.xpath("string(.//*[contains(@class, 'pt-masthead__lead')])").startswith(
            "Quando ci sono, "
        )
        assert "Per ora qui non c'è niente di aperto." in words
        assert "da confermare" in words


def test_who_looks_for_a_course_today_is_told_first_where_to_ask(built_site):
    """Before what was taught in 2016; and from when it is that somebody could help."""
    (meanwhile,) = main_of(built_site, "corsi").xpath(".//h2[.='Intanto']")
    first = meanwhile.getnext()

    assert first.text.startswith("Cerchi un corso adesso?")
    assert "luglio 2025" in first.text_content()
    assert first.xpath(".//a/@href")[-1] == "../bisogni/lavoro/"


def test_whom_to_ask_for_the_data_is_not_yet_known_and_the_page_says_so(built_site):
    """One is told to ask; whom, nobody has said."""
    words = " ".join(main_of(built_site, "dati").text_content().split())

    assert "bisogna chiedere: a chi, è da confermare." in words


def test_on_a_phone_each_organisation_is_one_line_and_the_drawing_is_folded(
    without_scripts, site_url
):
    """The table was thirteen screens long; what is folded holds the neighbours and every reason, as links."""
    without_scripts.set_viewport_size({"width": 360, "height": 800})
    without_scripts.goto(f"{site_url}/relazioni/")
    rho = without_scripts.get_by_text("Comune di Rho · ha legami con")
    others = rho.locator("xpath=ancestor::details")
    drawing = without_scripts.locator(".pt-graph")

    expect(
        without_scripts.locator("main a:visible").filter(has_text="Comune di Pero")
    ).to_have_count(0)
    rho.click()
    expect(others.get_by_role("link", name="La pagina di Comune di Rho")).to_be_visible()
    name = without_scripts.get_by_role("link", name="Comune di Pero", exact=True)
    pero = others.locator("li").filter(has=name)
    reason = pero.get_by_role("link", name="I Comuni che possiedono Sercop")
    assert reason.bounding_box()["y"] > pero.locator("a").first.bounding_box()["y"]

    expect(drawing).to_be_hidden()
    without_scripts.get_by_text("Il disegno (si legge meglio su uno schermo largo)").click()
    expect(drawing).to_be_visible()


def test_on_a_phone_no_headings_are_left_of_the_table_of_ties(without_scripts, site_url):
    """Their cells are gone: an empty row would be read out first."""
    without_scripts.goto(f"{site_url}/relazioni/")
    table = without_scripts.locator(".pt-relations")

    assert "rowgroup:\n" in table.aria_snapshot()
    assert table.aria_snapshot().count("rowgroup") == 1


def test_the_keyboard_may_pass_by_the_drawing_of_ties(visitor, site_url):
    """It is some fifty steps, and the table before it has said everything."""
    visitor.goto(f"{site_url}/relazioni/")

    pass_by(visitor, "Salta il disegno")

    expect(visitor.get_by_role("link", name="rete.json")).to_be_focused()


@pytest.mark.parametrize(("media", "width"), [("screen", 1280), ("print", 695)])
def test_on_a_desk_and_on_paper_ties_are_a_table_and_a_drawing(
    without_scripts, site_url, media, width
):
    """Nothing to open before one sees who, what and the drawing; organisations are called so where they are counted."""
    without_scripts.set_viewport_size({"width": width, "height": 900})
    without_scripts.emulate_media(media=media)
    without_scripts.goto(f"{site_url}/relazioni/")
    row = without_scripts.locator(".pt-relations tbody tr").filter(
        has=without_scripts.get_by_role("rowheader", name="Caritas decanale di Rho")
    )

    expect(row.get_by_role("link", name="Caritas decanale di Rho")).to_be_visible()
    expect(row.locator("summary")).to_contain_text("1 organizzazione")
    expect(row.get_by_role("link", name="L'Emporio della solidarietà di Rho")).to_be_visible()
    expect(without_scripts.locator(".pt-graph")).to_be_visible()
    expect(without_scripts.get_by_text("Il disegno (si legge")).to_be_hidden()


def test_the_bottom_of_the_page_calls_each_room_by_its_name(built_site):
    """Who presses «Valutazione» and reads another title wonders whether it was the right door."""
    home = html.document_fromstring((built_site / "index.html").read_bytes())
    links = home.find_class("pt-footer__link")

    titles = {link.text: main_of(built_site, link.get("href")).findtext(".//h1") for link in links}
    assert len(titles) > 10
    assert {label for label, title in titles.items() if label != title} == set()


def test_a_place_tells_each_day_once_and_under_headings_that_differ(built_site):
    """A day with a story stood there twice; one no story of the place tells stays among the days."""
    rho = main_of(built_site, "luoghi/opcafe-rho")
    headings = [h2.text_content() for h2 in rho.iter("h2")]
    days, stories = (
        rho.xpath(f".//section[@aria-labelledby='{of}']//article//a/@href")
        for of in ("pt-agenda", "pt-storie")
    )

    assert "../../storie/2015-10-22-prima-di-fare-ascoltare/" in stories
    assert days == ["../../agenda/2017-02-14-biscotti-a-rho/"]
    assert "Le storie di questo luogo" in headings
    assert [heading for heading in headings if "successo" in heading] == ["Che cosa ci è successo"]
    assert main_of(built_site, "luoghi/op-vanzago").xpath(".//*[@id='pt-agenda']") == []


def test_who_is_told_to_ask_finds_whom_on_the_same_page(built_site):
    """«Chiedi a chi c'era dall'inizio» leads to those who were there."""
    for place in ("opcafe-rho", "op-vanzago"):
        (asked,) = main_of(built_site, f"luoghi/{place}").xpath(
            ".//dl//a[.=\"chi c'era dall'inizio\"]/@href"
        )
        assert main_of(built_site, f"luoghi/{place}").xpath(f".//*[@id='{asked[1:]}']")


def test_a_member_is_told_with_whom_it_is_named_also_where_another_page_has_the_fact(built_site):
    """«With whom» was answered with «look elsewhere»; each fact brings its others and its source."""
    (together,) = main_of(built_site, "rete/sercop").xpath(
        ".//section[@aria-labelledby='pt-insieme']"
    )
    (told,) = together.xpath(".//li[contains(., 'Il progetto Aut Out')]")

    assert "../../rete/cooperho/" in told.xpath("./p[starts-with(., 'Con ')]/a/@href")
    assert told.xpath("./p[starts-with(., 'Fonte:')]/a[starts-with(@href, 'http')]")
    for fact in together.iter("li"):
        assert fact.xpath("./p[starts-with(., 'Con ')]/a")
        assert "../../rete/sercop/" not in fact.xpath("./p/a/@href")


def test_a_member_tells_its_role_and_its_town_once(built_site):
    """The masthead says the role, the address ends with the town; both lead to their lists."""
    main = main_of(built_site, "rete/sercop")
    (where,) = main.xpath(".//dl/div[dt='Dove']")

    assert main.xpath(".//a[@href='../../rete/ruolo/capofila/']/parent::p/@class") == [
        "pt-masthead__eyebrow"
    ]
    assert main.xpath(".//dt[contains(., 'Ruolo')]") == []
    assert where.text_content().count("Rho") == 1
    assert where.xpath(".//a/@href") == ["../../rete/comune/rho/"]


def test_what_stands_above_a_title_is_parted_by_dots(without_scripts, site_url):
    """«Rho  Settimo Milanese» read as one town."""
    without_scripts.goto(f"{site_url}/storie/2015-12-30-call-for-house/")

    after = without_scripts.locator(".pt-masthead__eyebrow > *").evaluate_all(
        "parts => parts.map(part => getComputedStyle(part, '::after').content)"
    )
    assert after == ['"\u00a0·" / ""', '"\u00a0·" / ""', "none"]


def test_the_dot_after_a_link_is_no_part_of_its_name(without_scripts, site_url):
    """One hears «Partner», and not «Partner, dot»."""
    without_scripts.goto(f"{site_url}/rete/la-cordata/")

    role = without_scripts.get_by_role("main").get_by_role("link", name="Partner", exact=True)

    expect(role).to_have_count(1)


def test_the_date_of_a_source_is_part_of_its_link(built_pages):
    """In a list of links «Blog di #Oltreiperimetri» stood four times, and led to four places."""
    items = [
        item for page in built_pages for item in page.tree.xpath("//ol[@class='pt-sources']/li[a]")
    ]

    assert len(items) > 100
    assert [item[0].text for item in items if item[0].tail and item[0].tail.strip()] == []
