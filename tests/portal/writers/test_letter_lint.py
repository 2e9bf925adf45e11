"""The lint of a letter: each rule finds what it is for, and our own letter passes them all."""

import re

import pytest

from portal.writers.letter_lint import lint_letter

LETTER = """<!DOCTYPE html>
<html lang="it" dir="ltr"><head><meta charset="utf-8"><title>Il numero</title></head>
<body lang="it" dir="ltr"><div lang="it" dir="ltr">
<table role="presentation"><tr><td>
<h1>Il numero</h1><h2>Le storie</h2>
<p style="font-size: 16px">Si parla <a href="https://www.esempio.it/">di un caffè</a>.</p>
<img src="https://www.esempio.it/a.png" alt="Un caffè" width="10" height="10">
</td></tr></table></div></body></html>"""


def test_letter_that_keeps_every_rule_is_told_nothing():
    assert lint_letter(LETTER) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('<html lang="it" dir="ltr">', '<html lang="it">', "<html> non dice «dir»"),
        ('<body lang="it" dir="ltr">', '<body dir="ltr">', "<body> non dice «lang»"),
        ('<div lang="it" dir="ltr">', "<div>", "<div> non dice «lang»"),
        ("<title>Il numero</title>", "<title> </title>", "manca il titolo"),
        ('<meta charset="utf-8">', "", "manca <meta charset"),
        ('<table role="presentation">', "<table>", "una tabella di impaginazione non dice che lo è"),
        ("<h2>Le storie</h2>", "<h4>Le storie</h4>", "«Le storie» salta un livello. Scrivilo con ## davanti"),
        ("<h2>Le storie</h2>", "<h1>Le storie</h1>", "i titoli grandi sono 2"),
        (' alt="Un caffè"', "", "l'immagine https://www.esempio.it/a.png non ha parole"),
        (' width="10"', "", "non ha misure"),
        ('src="https://www.esempio.it/a.png"', 'src="a.png"', "l'immagine a.png non si vedrebbe"),
        ("di un caffè</a>", "Leggi tutto…</a>", "il link «Leggi tutto…» non dice dove porta"),
        ("di un caffè</a>", "</a>", "un link a https://www.esempio.it/ non ha parole"),
        ('href="https://www.esempio.it/"', 'href="../storie/"', "porta a «../storie/»"),
        ("<h2>", "<script>1</script><h2>", "c'è un <script>"),
        ("<h2>", '<h2 onclick="1">', "un <h2> esegue qualcosa"),
        ("font-size: 16px", "font-size: 11px", "«Si parla di un caffè.» è scritto troppo piccolo (11 px)"),
    ],
)  # fmt: skip
def test_each_fault_is_found_and_said(old, new, said):
    assert old in LETTER

    faults = lint_letter(LETTER.replace(old, new, 1))

    assert any(said in fault for fault in faults), faults


def test_table_of_data_is_no_layout():
    """It has headings, and screen readers should read it as a table."""
    table = "<table><tr><th>Anno</th></tr><tr><td>2017</td></tr></table>"

    assert lint_letter(LETTER.replace("<h2>", f"{table}<h2>")) == []


def test_picture_that_says_nothing_may_be_silent():
    """An empty alternative text is a choice; a missing one is not."""
    assert lint_letter(LETTER.replace('alt="Un caffè"', 'alt=""')) == []


def test_picture_that_is_a_link_says_where_it_leads():
    """Its alternative text is what the link is called."""
    [picture] = re.findall("<img[^>]*>", LETTER)

    assert lint_letter(LETTER.replace("di un caffè</a>", f"{picture}</a>")) == []
