"""Search in a real browser, under the Content-Security-Policy its page is published with."""

import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from portal.search_index import index_site
from tests.axe import faults_of

ROOT = Path(__file__).parents[2]
CONTENT = ROOT / "content"
STRICT = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; script-src 'self'"
)
"""What every page is published under; the page of the search may also compile Pagefind's WebAssembly."""


class Strict(SimpleHTTPRequestHandler):
    """Serves files as the host does, with the policy of each page."""

    def log_message(self, *arguments):
        pass

    def end_headers(self):
        searching = urlsplit(self.path).path == "/cerca/"
        policy = STRICT + (" 'wasm-unsafe-eval'" if searching else "")
        self.send_header("Content-Security-Policy", policy)
        super().end_headers()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address at which *folder* is served with its policy."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Strict, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def site_url(built_site):
    """The built site, served with its policy."""
    with served(built_site) as address:
        yield address


@pytest.fixture
def reader(browser):
    """A page on a phone; `asked` lists the paths it fetches, `complaints` what the browser objects to."""
    context = browser.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.asked, page.complaints = [], []
    page.on("request", lambda request: page.asked.append(urlsplit(request.url).path))
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    context.close()


def found(page, typed: str) -> list[str]:
    """The addresses of the results for *typed*, once they are there."""
    expect(page.get_by_role("search").get_by_role("status")).to_contain_text(f"per «{typed}»")
    links = page.locator("[data-search-results] a")
    return [urlsplit(link.get_attribute("href")).path for link in links.all()]


def test_nothing_is_loaded_before_the_field_is_used(reader, site_url):
    """
    The index costs 180 KB: only who searches pays for it.
    """
    reader.goto(f"{site_url}/cerca/")
    reader.wait_for_load_state("networkidle")
    before = [path for path in reader.asked if "/pagefind/" in path]

    with reader.expect_response("**/pagefind/*.pf_meta"):
        reader.get_by_label("Che cosa cerchi?").focus()

    assert before == []


TYPED = {
    "l'associazione": "/rete/consulta-associazioni-settimo/",
    "nell’associazione": "/rete/consulta-associazioni-settimo/",
    "dell'affitto": "/bisogni/casa/",
    "comunita": "/rete/fondazione-comunitaria-nord-milano/",
    "COMUNITÀ": "/rete/fondazione-comunitaria-nord-milano/",
    "le famiglie": "/bisogni/famiglia-e-cura/",
    "cerco una badante": "/bisogni/famiglia-e-cura/",
    "bollette": "/bisogni/spese-e-debiti/",
    "mutuo": "/strumenti/bilancio-di-casa/",
    "assegno unico": "/bisogni/documenti-e-pratiche/",
    "mangiare": "/rete/caritas-decanale-rho/",
    "Lainate": "/luoghi/opcafe-lainate/",
}
"""What people type, and a page that must be among the first ten."""


def missed(page, site_url: str) -> dict[str, list[str]]:
    """Which of the typed words did not find their page, and what they found."""
    page.goto(f"{site_url}/cerca/")
    others = {}
    for typed, address in TYPED.items():
        page.get_by_label("Che cosa cerchi?").fill(typed)
        if address not in (results := found(page, typed)):
            others[typed] = results
    return others


def test_words_are_found_as_people_type_them(reader, site_url):
    """
    Elisions, accents, plurals, capitals, and words our pages do not use.
    """
    assert missed(reader, site_url) == {}
    assert reader.complaints == []


WORRIES = {
    "lavoro": "/bisogni/lavoro/",
    "cercare lavoro": "/bisogni/lavoro/",
    "affitto": "/bisogni/casa/",
    "mamme": "/bisogni/famiglia-e-cura/",
    "debiti": "/bisogni/spese-e-debiti/",
    "nonna": "/bisogni/famiglia-e-cura/",
    "asilo nido": "/bisogni/famiglia-e-cura/",
    "psicologa": "/bisogni/famiglia-e-cura/",
    "depressione": "/bisogni/famiglia-e-cura/",
    "stalking": "/bisogni/famiglia-e-cura/",
    "maltrattamenti": "/bisogni/famiglia-e-cura/",
    "carta di credito": "/bisogni/spese-e-debiti/",
    "carta revolving": "/bisogni/spese-e-debiti/",
    "finanziaria": "/bisogni/spese-e-debiti/",
    "reddito di inclusione": "/bisogni/documenti-e-pratiche/",
    "assegno di inclusione": "/bisogni/documenti-e-pratiche/",
    "sussidi": "/bisogni/documenti-e-pratiche/",
    "sfratto": "/bisogni/casa/",
    "sfrattata": "/bisogni/casa/",
    "ho paura": "/bisogni/famiglia-e-cura/",
    "adolescenti": "/bisogni/famiglia-e-cura/",
    "droga": "/bisogni/famiglia-e-cura/",
    "immigrati": "/bisogni/documenti-e-pratiche/",
    "tasse": "/bisogni/documenti-e-pratiche/",
    "ho fame": "/bisogni/spese-e-debiti/",
    "fare la spesa": "/bisogni/spese-e-debiti/",
    "pacco alimentare": "/bisogni/spese-e-debiti/",
    "soldi": "/bisogni/spese-e-debiti/",
    "non ho soldi": "/bisogni/spese-e-debiti/",
    "gioco": "/bisogni/spese-e-debiti/",
    "giochi": "/bisogni/spese-e-debiti/",
    "sola": "/bisogni/stare-insieme/",
    "alloggio": "/bisogni/casa/",
    "cv": "/bisogni/lavoro/",
    "imparare italiano": "/bisogni/documenti-e-pratiche/",
    "spid": "/bisogni/documenti-e-pratiche/",
    "patente": "/bisogni/documenti-e-pratiche/",
    "iban": "/sostieni/",
    "5x1000": "/sostieni/",
    "donazione": "/sostieni/",
}
"""What people type, and the page that must come first: a need, for who needs help."""


def first_found(page, site_url: str) -> dict[str, str]:
    """For each of the worries the first page that is found."""
    page.goto(f"{site_url}/cerca/")
    firsts = {}
    for typed in WORRIES:
        page.get_by_label("Che cosa cerchi?").fill(typed)
        firsts[typed] = found(page, typed)[0]
    return firsts


def test_who_needs_help_finds_the_need_first(reader, site_url):
    """
    Before any story or campaign that says the word more often.
    """
    assert first_found(reader, site_url) == WORRIES


def test_who_fears_to_lose_a_home_is_not_shown_every_page_that_says_casa(reader, site_url):
    """
    Nor a need that is only «vicino a casa».
    """
    reader.goto(f"{site_url}/cerca/")
    reader.get_by_label("Che cosa cerchi?").fill("sfratto")

    results = found(reader, "sfratto")

    assert results[0] == "/bisogni/casa/"
    assert "/bisogni/famiglia-e-cura/" not in results


def test_who_is_thrown_out_is_shown_where_to_sleep_too(reader, site_url):
    """
    Whoever did it: who fears and who has no home read both, one after the other.
    """
    reader.goto(f"{site_url}/cerca/")
    reader.get_by_label("Che cosa cerchi?").fill("cacciata di casa")

    assert found(reader, "cacciata di casa")[:2] == ["/bisogni/famiglia-e-cura/", "/bisogni/casa/"]


@pytest.mark.parametrize("typed", ["telefono", "contatti"])
def test_who_wants_to_reach_us_finds_the_places(reader, site_url, typed):
    """
    No number of ours is known: each place says its address, and whom to ask.
    """
    reader.goto(f"{site_url}/cerca/")
    reader.get_by_label("Che cosa cerchi?").fill(typed)

    results = found(reader, typed)

    assert [path.split("/")[1] for path in results[:4]] == ["luoghi"] * 4


def test_who_types_a_town_finds_first_what_is_there(reader, site_url, built_pages):
    """
    A place of ours, where there is one, and the page of its municipality. «Settimo» is enough.
    """
    halls = {
        page.url: page.tree.findtext(".//h1").removeprefix("Comune di ")
        for page in built_pages
        if page.url.startswith("/rete/comune-di-")
    }
    assert len(halls) == 9
    reader.goto(f"{site_url}/cerca/")

    for hall, town in halls.items():
        for typed in {town, town.lower(), town.split()[0]}:
            reader.get_by_label("Che cosa cerchi?").fill(typed)
            results = found(reader, typed)
            first = results[: results.index(hall) + 1]
            assert len(first) <= 2, (typed, results)
            assert all(town.split()[0].lower() in path for path in first), (typed, results)


def test_who_types_pero_is_not_shown_every_page_that_says_per(reader, site_url):
    """
    To the index both are one word; and «ho perso» is no town.
    """
    reader.goto(f"{site_url}/cerca/")
    for typed in ("pero", "a Pero"):
        reader.get_by_label("Che cosa cerchi?").fill(typed)
        assert found(reader, typed)[:2] == [
            "/rete/comune-di-pero/",
            "/bisogni/documenti-e-pratiche/",
        ]
        excerpts = reader.locator(".pt-results__text").all_inner_texts()
        assert [text for text in excerpts if "Pero" not in text] == []

    for typed in ("perso", "perdo il lavoro"):
        reader.get_by_label("Che cosa cerchi?").fill(typed)
        assert "/rete/comune-di-pero/" not in found(reader, typed)


MISSPELT = {
    "bolette": ("bollette", "/bisogni/spese-e-debiti/"),
    "le bolette": ("bollette", "/bisogni/spese-e-debiti/"),
    "afitto": ("affitto", "/bisogni/casa/"),
    "violensa": ("violenza", "/bisogni/famiglia-e-cura/"),
    "pscicologo": ("psicologo", "/bisogni/famiglia-e-cura/"),
    "licensiata": ("licenziata", "/bisogni/lavoro/"),
    "docmuenti": ("documenti", "/bisogni/documenti-e-pratiche/"),
    "lianate": ("lainate", "/luoghi/opcafe-lainate/"),
}
"""What people mistype, what they mean, and the page that must come first."""


def test_a_slip_of_the_keyboard_is_understood_and_said(reader, site_url):
    """
    A letter too few, too many, another one, or two that changed places.
    """
    reader.goto(f"{site_url}/cerca/")
    for typed, (meant, address) in MISSPELT.items():
        reader.get_by_label("Che cosa cerchi?").fill(typed)
        assert found(reader, typed)[0] == address
        expect(reader.get_by_role("search").get_by_role("status")).to_have_text(
            f"Nessun risultato per «{typed}»: ecco quelli per «{meant}»."
        )
        expect(reader.locator("[data-search-nothing]")).to_be_hidden()
    assert reader.complaints == []


def test_what_is_sought_besides_is_said_once(reader, site_url):
    """
    Two words typed may both be called the same on our pages.
    """
    reader.goto(f"{site_url}/cerca/")
    reader.get_by_label("Che cosa cerchi?").fill("asilo nido")

    found(reader, "asilo nido")

    said = reader.get_by_role("search").get_by_role("status").inner_text()
    assert said.endswith("per «asilo nido», cercando anche «famiglia e cura».")


def test_a_page_that_is_all_about_a_word_still_comes_first(reader, site_url):
    """
    A story is found by its title, an organisation by its name, the figures by what others call them.
    """
    reader.goto(f"{site_url}/cerca/")
    for typed, address in (
        ("Call for House", "/storie/2015-12-30-call-for-house/"),
        ("Sercop", "/rete/sercop/"),
        ("report", "/valutazione/"),
        ("Lainate", "/luoghi/opcafe-lainate/"),
    ):
        reader.get_by_label("Che cosa cerchi?").fill(typed)
        assert found(reader, typed)[0] == address


def test_words_are_found_in_an_index_of_many_parts(reader, built_site, tmp_path):
    """
    As the index of a large site is; each result once, with its title and the words around.
    """
    site = tmp_path / "site"
    shutil.copytree(built_site, site)
    index_site(site, pages_an_index=30)
    assert (site / "pagefind" / "3").is_dir()

    with served(site) as address:
        assert missed(reader, address) == {}
        assert first_found(reader, address) == WORRIES
        reader.goto(f"{address}/cerca/?q=casa")
        once = found(reader, "casa")
        assert len(once) == len(set(once))
        assert "casa" in reader.locator(".pt-results__item mark").first.inner_text().lower()
    assert reader.complaints == []


def test_a_word_that_is_nowhere_finds_nothing(reader, site_url):
    """
    Rather than pages that only begin with the same letters.
    """
    for typed in ("xilofono", "quattordicimila", "microonde", "nonostante"):
        reader.goto(f"{site_url}/cerca/?q={typed}")

        assert found(reader, typed) == []
        status = reader.get_by_role("search").get_by_role("status")
        expect(status).to_contain_text("Nessun risultato")
        needs = reader.locator("[data-search-nothing] a")
        expect(needs.first).to_have_attribute("href", "#pt-bisogni")
        expect(needs.filter(visible=True)).to_have_text(
            [
                "parti da quello che ti serve",
                "Lavoro",
                "Casa",
                "Spese e debiti",
                "Famiglia e cura",
                "Stare insieme",
                "Documenti e pratiche",
            ]
        )


def test_easy_pages_are_shown_to_who_asks_for_them(reader, site_url):
    """
    They are Italian too, and would stand twice beside their originals.
    """
    reader.goto(f"{site_url}/cerca/?q=casa")
    plain = found(reader, "casa")

    reader.get_by_label("Solo pagine facili da leggere").check()
    expect(reader.locator("[data-search-results] a").first).to_have_attribute(
        "href", "/facile/bisogni/casa/"
    )

    easy = found(reader, "casa")
    assert [path for path in plain if path.startswith("/facile/")] == []
    assert [path for path in easy if not path.startswith("/facile/")] == []


def test_a_result_says_what_it_is_and_why_it_was_found(reader, site_url):
    """
    Title, kind, and the words around the one sought, which is marked.
    """
    reader.goto(f"{site_url}/cerca/?q=bollette")
    found(reader, "bollette")

    story = reader.locator(".pt-results__item").nth(3)
    expect(story.get_by_role("link")).to_have_text("Un volantino nella bolletta")
    expect(story.locator(".pt-flag")).to_have_text("Storia")
    assert "bolletta" in story.locator("mark").first.inner_text()


@pytest.mark.parametrize("typed", ["debiti", "bolletta", "mutuo", "usura", "rata", "affitto"])
def test_a_sheet_of_sums_is_shown_by_what_it_says(reader, site_url, typed):
    """
    Not by its empty fields: who is worried would read «€ € € B · Le spese di ogni mese».
    """
    reader.goto(f"{site_url}/cerca/?q={typed}")
    found(reader, typed)

    sheet = reader.locator(".pt-results__item", has_text="Il bilancio di casa").first
    text = sheet.locator(".pt-results__text").inner_text()
    assert "€" not in text
    assert " · " not in text


@pytest.mark.parametrize(
    "typed",
    [
        "violenza", "stalking", "maltrattamenti", "mi picchia", "picchiata", "mi ha picchiato",
        "marito violento", "mi minaccia", "minacce", "botte", "ho paura",
        "centro antiviolenza", "cacciata di casa", "lividi", "violensa",
    ],
)  # fmt: skip
def test_who_is_afraid_reads_the_number_among_the_results(reader, site_url, typed):
    """
    Not every page that would help can be opened where somebody is looking on.
    """
    reader.goto(f"{site_url}/cerca/?q={typed}")

    assert found(reader, typed)[0] == "/bisogni/famiglia-e-cura/"
    assert "1522" in reader.locator(".pt-results__text").first.inner_text()


def test_a_sheet_of_sums_is_found_by_its_lines(reader, site_url):
    """
    «Condominio», «benzina» stand nowhere else on the page.
    """
    reader.goto(f"{site_url}/cerca/")
    for typed in ("condominio", "benzina"):
        reader.get_by_label("Che cosa cerchi?").fill(typed)
        assert "/strumenti/bilancio-di-casa/" in found(reader, typed)


def test_nothing_that_is_typed_leaves_the_page(reader, site_url):
    """
    The address would stay in the history of a shared phone, and go to the host with each piece of the index.
    """
    reader.goto(f"{site_url}/cerca/")
    requests = []
    reader.on("request", lambda request: requests.append(request))
    entries = reader.evaluate("history.length")

    reader.get_by_label("Che cosa cerchi?").press_sequentially("mio marito mi picchia", delay=20)
    found(reader, "mio marito mi picchia")
    reader.keyboard.press("Enter")
    reader.get_by_label("Solo pagine facili da leggere").check()
    links = reader.locator("[data-search-results] a")
    expect(links.first).to_have_attribute("href", re.compile("^/facile/"))

    assert reader.url == f"{site_url}/cerca/"
    assert reader.evaluate("history.length") == entries
    told = [f"{one.url} {one.all_headers().get('referer', '')}" for one in requests]
    assert any("/pagefind/" in one for one in told)
    assert [one for one in told if "marito" in one or "picchia" in one] == []


@pytest.mark.parametrize("way", ["back", "reload"])
def test_who_comes_back_finds_the_words_and_the_results(reader, site_url, way):
    """
    Also after a jump within the page: the browser under test makes each page anew.
    """
    reader.goto(f"{site_url}/cerca/")
    reader.get_by_label("Che cosa cerchi?").fill("casa")
    reader.get_by_label("Solo pagine facili da leggere").check()
    link = reader.locator("[data-search-results] a").first
    expect(link).to_have_attribute("href", "/facile/bisogni/casa/")
    reader.locator("main nav a").first.click()

    if way == "reload":
        reader.reload()
    else:
        link.click()
        reader.wait_for_url("**/facile/bisogni/casa/")
        reader.go_back()

    expect(reader.get_by_label("Che cosa cerchi?")).to_have_value("casa")
    expect(reader.get_by_label("Solo pagine facili da leggere")).to_be_checked()
    expect(link).to_have_attribute("href", "/facile/bisogni/casa/")
    assert urlsplit(reader.url).query == ""


def test_a_link_with_words_searches_them_and_loses_them_at_once(reader, site_url):
    """
    Such links were sent while the words stood in the address.
    """
    reader.route("**/pagefind/**", lambda route: route.abort())
    reader.goto(f"{site_url}/cerca/?q=sfratto&facile=1")

    expect(reader.get_by_label("Che cosa cerchi?")).to_have_value("sfratto")
    expect(reader.get_by_label("Solo pagine facili da leggere")).to_be_checked()
    assert reader.url == f"{site_url}/cerca/"

    reader.unroute("**/pagefind/**")
    reader.goto(f"{site_url}/cerca/?q=sfratto")
    assert found(reader, "sfratto")[0] == "/bisogni/casa/"


def test_the_field_cannot_be_sent(built_pages):
    """
    Not even where the script fails halfway: what has no name is in no address.
    """
    page = next(page for page in built_pages if page.url == "/cerca/")
    fields = page.tree.xpath("//search//form//*[self::input or self::button]")

    assert len(fields) == 3
    assert [field.get("name") for field in fields if field.get("name")] == []


def test_the_keyboard_is_enough(reader, site_url):
    """
    Arrows walk the results, Enter opens one, Escape begins again.
    """
    reader.goto(f"{site_url}/cerca/")
    field = reader.get_by_label("Che cosa cerchi?")
    field.focus()
    reader.keyboard.type("bollette")
    found(reader, "bollette")

    links = reader.locator("[data-search-results] a")
    reader.keyboard.press("ArrowDown")
    expect(links.nth(0)).to_be_focused()
    reader.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    reader.keyboard.press("ArrowUp")
    reader.keyboard.press("ArrowUp")
    expect(field).to_be_focused()
    reader.keyboard.press("ArrowDown")
    reader.keyboard.press("Escape")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    expect(links).to_have_count(0)

    reader.keyboard.type("bollette")
    found(reader, "bollette")
    reader.keyboard.press("ArrowDown")
    reader.keyboard.press("Enter")
    reader.wait_for_url("**/bisogni/**")


def test_more_results_come_when_asked_for(reader, site_url):
    """
    Ten at first; the next ten take the focus with them.
    """
    reader.goto(f"{site_url}/cerca/?q=Rho")
    assert len(found(reader, "Rho")) == 10

    reader.get_by_role("button", name="Mostra altri risultati").click()

    expect(reader.locator("[data-search-results] a").nth(10)).to_be_focused()


def test_who_cannot_load_the_index_is_told_where_to_look(reader, site_url):
    """
    On a train, in a tunnel: the list is already on the page.
    """
    reader.route("**/pagefind/**", lambda route: route.abort())

    reader.goto(f"{site_url}/cerca/?q=casa")

    expect(reader.get_by_role("search").get_by_role("status")).to_have_text(
        "La ricerca non si è caricata. Qui sotto trovi tutte le pagine, dalla A alla Z."
    )


def test_without_scripts_every_page_is_in_the_list(browser, site_url, built_site):
    """
    Needs first, then each Italian page of ours from A to Z, and those in other languages.
    """
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site_url}/cerca/?q=casa")

    links = page.locator("main a").evaluate_all("links => links.map((link) => link.pathname)")
    headings = page.locator("main h2").all_inner_texts()
    shown = page.get_by_role("search").count()
    asked = page.get_by_text("Scrivi una parola").filter(visible=True).count()
    lead = page.locator(".pt-masthead__lead").inner_text()
    context.close()
    written = (file.relative_to(CONTENT).with_suffix("") for file in CONTENT.rglob("*.md"))
    pages = {f"/{path.as_posix()}/".removesuffix("index/") for path in written}
    published = {path for path in pages if (built_site / path[1:] / "index.html").exists()}
    assert published - set(links) == set()
    assert headings == [
        "Parti da quello che ti serve",
        "Tutte le pagine, dalla A alla Z",
        "In altre lingue, e facili da leggere",
    ]
    assert (shown, asked) == (0, 0)
    assert lead == "Parti da quello che ti serve, o scorri tutte le pagine dalla A alla Z."


def test_who_can_search_is_told_how_to_and_where(reader, site_url, built_pages):
    """
    How beside the field; and below, of which nine towns the site is about.
    """
    reader.goto(f"{site_url}/cerca/")

    field = reader.get_by_label("Che cosa cerchi?")
    expect(field).to_have_accessible_description(
        re.compile("^Scrivi una parola come la diresti a voce")
    )
    (text,) = reader.locator("main .pt-prose").all_inner_texts()
    towns = [
        page.tree.findtext(".//h1").removeprefix("Comune di ")
        for page in built_pages
        if page.url.startswith("/rete/comune-di-")
    ]
    assert len(towns) == 9
    assert [town for town in towns if town not in text] == []


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_axe_finds_nothing_among_the_results(browser, site_url, width, scheme):
    """
    Nor does the page scroll sideways.
    """
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{site_url}/cerca/?q=casa")
    found(page, "casa")

    faults = faults_of(page, "[data-search]")
    wide = page.evaluate("document.documentElement.scrollWidth")
    context.close()

    assert faults == {}
    assert wide <= width
