"""The newsletter: one issue as HTML, as plain text and as a message."""

import email
import email.policy
import json
import re

import pytest
from justhtml import JustHTML
from lxml import html as lxml_html

from portal.model.place import Place
from portal.writers.letter_lint import lint_letter
from portal.writers.newsletter import LetterRefused, write_letter

from .builders import A_SOURCE, a_campaign, a_recipient, a_site, a_story, an_event, an_issue

BODY = '<p>Questo mese si parla di <a href="../../luoghi/opcafe-rho/">un caffè che è una piazza</a>.</p>'
SENDER = "#Oltreiperimetri <newsletter@esempio.invalid>"
WHOLE_ISSUE = an_issue(
    stories=("2015-07-04-granaio", "2016-05-12-officina"),
    events=("2018-11-30-festa",),
    campaign="colazione-delle-mamme",
)


def a_letter(issue=WHOLE_ISSUE, body=BODY, **site):
    plain = {
        "stories": (a_story(), a_story("2015-07-04-granaio", title="Centoventi idee & un granaio")),
        "events": (an_event(starts="09:30", ends="13:00", location="Cascina Triulza"),),
        "campaigns": (a_campaign(),),
        "recipients": (a_recipient(),),
    }
    return write_letter(issue, a_site(**{**plain, **site}), body, "https://www.esempio.it", SENDER)


def parsed(letter):
    return lxml_html.document_fromstring(letter.html)


def message_of(letter):
    return email.message_from_bytes(letter.eml, policy=email.policy.default)


def test_letter_tells_the_stories_in_the_order_they_were_picked():
    headings = [
        (node.tag, node.text_content()) for node in parsed(a_letter()).iter("h1", "h2", "h3")
    ]

    assert headings == [
        ("h1", "Si riparte dal caffè"),
        ("h2", "Le storie"),
        ("h3", "Centoventi idee & un granaio"),
        ("h3", "L'officina che non chiude"),
        ("h2", "Gli appuntamenti"),
        ("h3", "La festa di fine progetto"),
        ("h2", "Una campagna da conoscere"),
        ("h3", "La colazione delle mamme"),
    ]


def test_letter_with_stories_alone_has_no_empty_heading():
    letter = a_letter(an_issue())

    assert [node.text_content() for node in parsed(letter).iter("h2")] == ["Le storie"]
    assert "appuntamenti" not in letter.text


def test_plain_text_is_a_letter_of_its_own():
    assert (
        a_letter().text
        == """\
#OLTREIPERIMETRI
Newsletter n. 1 – 30 novembre 2026
========================================================================

Si riparte dal caffè

Leggi questa lettera sul sito [1]
Te l'ha inoltrata qualcuno? Ricevila anche tu [2]

Questo mese si parla di un caffè che è una piazza [3].

Le storie
=========

Centoventi idee & un granaio [4]
12 maggio 2016
Una bottega di biciclette diventa il posto dove ci si aiuta.

L'officina che non chiude [5]
12 maggio 2016
Una bottega di biciclette diventa il posto dove ci si aiuta.

Gli appuntamenti
================

La festa di fine progetto [6]
venerdì 30 novembre 2018, 09:30–13:00
Cascina Triulza
Una mattina insieme per raccontare tre anni di lavoro.

Una campagna da conoscere
=========================

La colazione delle mamme [7]
I soldi vanno a: Sercop
È un esempio: per ora non si possono dare soldi veri
Un caffè e due chiacchiere per le mamme del quartiere.

------------------------------------------------------------------------

Ricevi questa lettera perché hai chiesto di avere le notizie di
#Oltreiperimetri. Dentro non ci sono immagini nascoste né link che
registrano chi legge.

Il sito di #Oltreiperimetri [8]

Gli indirizzi
=============

[1] https://www.esempio.it/newsletter/1/
[2] https://www.esempio.it/newsletter/
[3] https://www.esempio.it/luoghi/opcafe-rho/
[4] https://www.esempio.it/storie/2015-07-04-granaio/
[5] https://www.esempio.it/storie/2016-05-12-officina/
[6] https://www.esempio.it/agenda/2018-11-30-festa/
[7] https://www.esempio.it/campagne/colazione-delle-mamme/
[8] https://www.esempio.it/
"""
    )


def test_both_shapes_carry_the_same_addresses():
    letter = a_letter()

    in_html = {link.get("href") for link in parsed(letter).iter("a")}
    in_text = set(re.findall(r"^\[\d+\] (\S+)$", letter.text, re.MULTILINE))
    assert in_html == in_text
    assert all(address.startswith("https://www.esempio.it/") for address in in_html)


def test_language_and_direction_are_said_three_times():
    """Mail programs throw away the outer tags; the one that is left must still say it."""
    document = parsed(a_letter())

    said = [
        (node.tag, node.get("lang"), node.get("dir"))
        for node in document.iter("html", "body", "div")
    ]
    assert said[:3] == [("html", "it", "ltr"), ("body", "it", "ltr"), ("div", "it", "ltr")]


def test_tables_only_lay_out():
    tables = list(parsed(a_letter()).iter("table"))

    assert tables
    assert {table.get("role") for table in tables} == {"presentation"}


def test_letter_is_correct_html():
    """A strict parser finds nothing to correct."""
    JustHTML(a_letter().html, strict=True)


def test_styles_are_inline_and_dark_mode_stays_in_the_head():
    document = parsed(a_letter())

    assert "#8a1c4a" in next(document.iter("a")).get("style")
    assert "prefers-color-scheme: dark" in document.find(".//style").text


def test_letter_loads_nothing():
    """No image, no font, no stylesheet: nothing tells anyone that the letter was opened."""
    letter = a_letter()

    assert not list(parsed(letter).iter("img", "link", "script"))
    assert "url(" not in letter.html


def test_preheader_is_the_description():
    """It is what an inbox shows beside the subject."""
    preheader = parsed(a_letter()).find_class("letter__preheader")[0]

    assert preheader.text == "Le storie di novembre e un appuntamento da segnare."
    assert "display: none" in preheader.get("style")


def test_titles_are_escaped():
    letter = a_letter(stories=(a_story(title="Pane <b>& rose</b>"),), issue=an_issue())

    assert "Pane &lt;b&gt;&amp; rose&lt;/b&gt;" in letter.html
    assert "Pane <b>& rose</b> [" in letter.text


def test_event_says_when_and_where_as_far_as_it_is_known():
    place = Place(
        slug="opcafe-rho",
        title="#OPcafé di Rho",
        description="Un caffè dove si entra senza appuntamento.",
        town="rho",
        sources=(A_SOURCE,),
    )
    event = an_event(starts="18:00", place="opcafe-rho", cancelled=True)

    text = a_letter(events=(event,), places=(place,)).text

    assert "Annullato\nvenerdì 30 novembre 2018, ore 18:00\n#OPcafé di Rho\n" in text


def test_event_of_several_days_says_the_last_one():
    text = a_letter(events=(an_event(until="2018-12-01"),)).text

    assert "\n30 novembre – 1° dicembre 2018\n" in text


def test_confirmed_campaign_is_no_example_and_a_closed_one_says_so():
    text = a_letter(campaigns=(a_campaign(example=False, open=False),)).text

    assert "I soldi vanno a: Sercop\nLa campagna è chiusa\n" in text
    assert "esempio:" not in text


def test_message_has_both_parts_text_first():
    """Programs show the last part they understand."""
    letter = a_letter()

    message = message_of(letter)

    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert message.get_body(("plain",)).get_content().replace("\r\n", "\n") == letter.text
    assert message.get_body(("html",)).get_content().replace("\r\n", "\n") == letter.html


def test_message_is_complete_but_for_who_receives_it():
    message = message_of(a_letter())

    assert message["From"] == "#Oltreiperimetri <newsletter@esempio.invalid>"
    assert message["Subject"] == "Si riparte dal caffè"
    assert message["Date"] == "Mon, 30 Nov 2026 09:00:00 +0100"
    assert message["Message-ID"] == "<newsletter-1@oltreiperimetri.it>"
    assert message["Content-Language"] == "it"
    assert not {"To", "Cc", "Bcc"} & set(message.keys())


def test_no_line_of_the_message_is_too_long_for_mail():
    """RFC 5322 allows 998 characters, and lines end in CRLF."""
    eml = a_letter(body=f"<p>{'lunghissimo ' * 200}</p>").eml

    assert max(len(line) for line in eml.split(b"\r\n")) <= 78
    assert b"\n" not in eml.replace(b"\r\n", b"")


def test_json_keeps_a_place_for_each_readers_own_links():
    """Both shapes have them, once each; the files to look at have none, they are nobody's."""
    letter = a_letter()
    document = json.loads(letter.json)

    for name, address in document["personal_links"].items():
        assert document["html"].count(f'href="{address}"') == 1, name
        assert document["text"].count(address) == 1, name
    assert ".invalid/" not in letter.html + letter.text


def test_json_letter_passes_the_same_lint():
    document = json.loads(a_letter().json)

    assert lint_letter(document["html"]) == []
    JustHTML(document["html"], strict=True)


def test_same_issue_gives_the_same_bytes():
    assert a_letter() == a_letter()


def test_letter_that_mail_programs_would_cut_is_refused():
    """The editor is told which issue, how much, and what to do."""
    with pytest.raises(
        LetterRefused, match=r"newsletter/1\.md: la lettera pesa \d+ kB .* al massimo 60 kB\."
    ):
        a_letter(body=f"<p>{'parola ' * 5000}</p>")
