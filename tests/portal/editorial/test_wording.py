"""Words from offices, words that hurt, acronyms: found in all their forms, and mended with their article."""

import pytest

from portal.editorial.articles import with_article
from portal.editorial.lexicon import Term, WordList, read_lexicon
from tests.portal.editorial.builders import a_desk, a_manuscript, advice

JARGON = (
    Term(plain="le persone", forms=("utenza", "gli utenti")),
    Term(plain="usare", forms=("fruir*", "fruisc*"), example="Lo usano in tanti"),
    Term(plain="seguire una persona", forms=("pres* in carico",), example="Ti seguiamo noi"),
)
RESPECT = (Term(plain="le persone con disabilità", forms=("i disabili",)),)


@pytest.mark.parametrize(
    ("read", "plain", "written"),
    [
        ("dell'", "le persone", "delle persone"),
        ("Degli ", "le persone", "Delle persone"),
        ("nel ", "l'ufficio", "nell'ufficio"),
        ("agli ", "chi abita qui", "a chi abita qui"),
        ("la ", "il posto", "il posto"),
        ("", "le persone", "persone"),
    ],
)
def test_the_article_changes_with_the_word(read, plain, written):
    """Otherwise the better word would come with a mistake."""
    assert with_article(read, plain) == written


@pytest.mark.parametrize(
    ("sentence", "line", "mended"),
    [
        ("I bisogni dell'utenza crescono.", 5, "«I bisogni delle persone crescono.»"),
        ("Prima riga.\nArrivano gli utenti.", 6, "«Arrivano le persone.»"),
        ("Chi ne fruisce?", 5, "«Lo usano in tanti»"),
        ("È la Presa in carico di tutti.", 5, "«Ti seguiamo noi»"),
    ],
)
def test_a_word_from_an_office_is_found_with_a_better_one(sentence, line, mended):
    """With an article, elided, inflected, at the beginning or inside."""
    (finding,) = advice(a_manuscript(sentence), "parola-difficile", a_desk(jargon=JARGON))

    assert (finding.line, finding.example) == (line, mended)


@pytest.mark.parametrize(
    "sentence",
    [
        "Sono utenti di un altro sito.",  # asked for only behind an article
        "Hanno detto «presa in carico».",  # somebody else's words
        "Il fruitore-tipo non esiste.",
    ],
)
def test_other_words_are_left_alone(sentence):
    """A false alarm costs more trust than a miss."""
    assert advice(a_manuscript(sentence), "parola-difficile", a_desk(jargon=JARGON)) == []


def test_a_word_is_told_once_a_page():
    """Ten times the same advice is nine too many."""
    page = a_manuscript("L'utenza.\n\nL'utenza.\n\nl'UTENZA")

    assert len(advice(page, "parola-difficile", a_desk(jargon=JARGON))) == 1


def test_where_two_terms_overlap_the_longest_is_told():
    """The same words are not advised upon twice."""
    overlapping = (
        Term(plain="la domanda", forms=("istanza",)),
        Term(plain="chiedere", forms=("presentare istanza",)),
    )
    page = a_manuscript("Si può presentare istanza qui.")

    (finding,) = advice(page, "parola-difficile", a_desk(jargon=overlapping))

    assert finding.example == "«Si può chiedere qui.»"


def test_words_that_hurt_come_with_words_that_do_not():
    """The person first."""
    (finding,) = advice(
        a_manuscript("Un corso per i disabili."), "parola-che-ferisce", a_desk(respect=RESPECT)
    )

    assert finding.example == "«Un corso per le persone con disabilità.»"


def test_what_an_editor_has_accepted_is_not_said_again():
    """Editors know better, and must not be asked every day."""
    page = a_manuscript(
        "Un corso per i disabili.", front_matter="title: Prova\naccepted: [i Disabili]"
    )

    assert advice(page, "parola-che-ferisce", a_desk(respect=RESPECT)) == []


def test_translations_are_not_read_with_italian_words():
    """«persone» is Italian; «fruir» is Spanish too."""
    page = a_manuscript("fruir del arte", path="es/bisogni/lavoro.md")

    assert advice(page, "parola-difficile", a_desk(jargon=JARGON)) == []


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("Serve l'ISEE. Poi l'ISEE ancora.", ["ISEE"]),
        ("Serve l'ISEE (il conto di redditi e beni).", []),
        ("Il conto di redditi e beni (ISEE) serve.", []),
        ("Serve l'ISEE, cioè un conto.", []),
        ("Il CAF è un ufficio per le tasse.", []),
        ("Serve il R.S.A. del posto.", ["R.S.A."]),
        ("Il PDF, il XXI secolo, AFOL e #OP vanno bene.", []),
        ("*[CAF]: Centro di assistenza fiscale\n\nVai al CAF.", []),
        ("SI ENTRA DA QUI", []),
    ],
)
def test_an_acronym_is_explained_the_first_time(text, letters):
    """Known ones, Roman numbers, our members' names and whole lines in capitals are none."""
    desk = a_desk(names=frozenset({"AFOL"}))

    assert [f.quote for f in advice(a_manuscript(text), "sigla-non-spiegata", desk)] == letters


def test_a_list_with_a_mistake_is_named_with_its_line():
    """The comms team writes the lists too."""
    lists = {
        "_redazione/parole-difficili.yml": "- plain: usare\n  forms: [fruir*]\n- plian: x\n  forms: [y]\n",
        "_redazione/sigle.yml": "uno: due",
    }

    lexicon, problems = read_lexicon(lists.get)

    assert [term.plain for term in lexicon.jargon.terms] == ["usare"]
    assert {(problem.path, problem.line) for problem in problems} == {
        ("_redazione/parole-difficili.yml", 3),
        ("_redazione/sigle.yml", 1),
    }


def test_without_lists_nothing_is_looked_for():
    """Another project may start from none."""
    lexicon, problems = read_lexicon(lambda path: None)

    assert (lexicon.jargon, problems) == (WordList(), [])
