"""An old address leads to the page that took its place."""

from lxml import html

from portal.writers.redirects import write_redirects
from tests.portal.writers.builders import a_page, a_site, a_story, a_translation

SITE_URL = "https://www.esempio.it/"


def test_a_small_page_stands_at_the_old_address():
    """It sends browsers on, shows a link to those it cannot send, and asks not to be found."""
    story = a_story(title="Caffè & <pane>", old_urls=("storie/vecchia/",))

    page = html.document_fromstring(
        write_redirects(a_site(stories=(story,)), SITE_URL)["storie/vecchia/index.html"]
    )

    (refresh,) = page.xpath("//meta[@http-equiv='refresh']/@content")
    assert refresh == "0; url=../../storie/2016-05-12-officina/"
    assert page.xpath("//a/@href") == ["../../storie/2016-05-12-officina/"]
    assert page.xpath("//link[@rel='canonical']/@href") == [
        "https://www.esempio.it/storie/2016-05-12-officina/"
    ]
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert page.findtext(".//h1") == "Caffè & <pane>"
    assert (page.get("lang"), page.get("dir")) == ("it", "ltr")


def test_hosts_that_read_rules_are_told_too():
    """With and without the slash at the end, and an old file as it was called."""
    page = a_page(old_urls=("regole", "2015/10/post.html"))

    written = write_redirects(a_site(pages=(page,)), SITE_URL)

    assert written["_redirects"].decode().splitlines() == [
        "/2015/10/post.html /privacy/ 301",
        "/regole/ /privacy/ 301",
        "/regole /privacy/ 301",
    ]
    assert written.keys() == {"2015/10/post.html", "regole/index.html", "_redirects"}


def test_a_site_in_a_folder_of_its_host_says_the_folder():
    """Hosts count addresses from their own root."""
    page = a_page(old_urls=("regole/",))

    written = write_redirects(a_site(pages=(page,)), "https://www.esempio.it/prova/")

    assert written["_redirects"].decode().splitlines() == [
        "/prova/regole/ /prova/privacy/ 301",
        "/prova/regole /prova/privacy/ 301",
    ]


def test_the_first_page_can_take_over_an_address():
    """Its own address is empty, and a link to it must not be."""
    home = a_page("", old_urls=("home.html",))

    written = write_redirects(a_site(pages=(home,)), SITE_URL)

    assert b'href="./"' in written["home.html"]
    assert written["_redirects"] == b"/home.html / 301\n"


def test_the_small_page_speaks_the_language_of_the_page_it_leads_to():
    """A screen reader would otherwise read Arabic with an Italian voice."""
    home = a_translation("", "ar", old_urls=("ar/inizio/",))

    page = html.document_fromstring(
        write_redirects(a_site(translations=(home,)), SITE_URL)["ar/inizio/index.html"]
    )

    assert (page.get("lang"), page.get("dir")) == ("ar", "rtl")


def test_nothing_is_written_where_no_page_has_moved():
    """An empty list of rules would only raise questions."""
    assert write_redirects(a_site(stories=(a_story(),)), SITE_URL) == {}
