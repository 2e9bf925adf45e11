"""Sentences end where an Italian reader would say so, and Gulpease is what its authors' formula gives."""

import pytest

from portal.editorial.sentences import gulpease, split_sentences


def texts(text: str) -> list[str]:
    """The sentences of a text."""
    return [sentence.text for sentence in split_sentences(text, 1)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Il sig. Rossi è qui. Il dott. Bianchi no.", ["Il sig. Rossi è qui.", "Il dott. Bianchi no."]),
        ("Vedi l'art. 5, n. 3 della legge.", ["Vedi l'art. 5, n. 3 della legge."]),
        ("Torte, biscotti, ecc. sono pronti. Vieni.", ["Torte, biscotti, ecc. sono pronti.", "Vieni."]),
        ("Porta tazze, cucchiai ecc. Il resto c'è.", ["Porta tazze, cucchiai ecc.", "Il resto c'è."]),
        ("Sono 1.600 colloqui dalle 9.30 in poi.", ["Sono 1.600 colloqui dalle 9.30 in poi."]),
        ("Lo spazio S.Te.P. di Pero apre.", ["Lo spazio S.Te.P. di Pero apre."]),
        ("Parla G. Verdi. Ascolta chi vuole.", ["Parla G. Verdi.", "Ascolta chi vuole."]),
        ("Ha detto: «Vieni!» e siamo andati.", ["Ha detto: «Vieni!» e siamo andati."]),
        ("«Vieni a ballare?» Nessuno ha detto no.", ["«Vieni a ballare?»", "Nessuno ha detto no."]),
        ("E poi… basta. «Fine.» Andiamo", ["E poi… basta.", "«Fine.»", "Andiamo"]),
        ("Una riga\u2028\nun'altra", ["Una riga", "un'altra"]),
        ("Pronti. 64 persone in sala.", ["Pronti.", "64 persone in sala."]),
        ("— * … !", []),
    ],
)  # fmt: skip
def test_a_full_stop_ends_a_sentence_only_where_it_does(text, sentences):
    """Abbreviations, numbers, initials and quotations hold full stops that end nothing."""
    assert texts(text) == sentences


def test_a_sentence_knows_its_line_and_its_size():
    """«l'affitto» is one word, as in a word processor; digits count as letters, marks do not."""
    first, second = split_sentences("Pago\nl'affitto. Sono\n500 euro!", 10)

    assert (first.line, first.word_count, first.letter_count) == (10, 2, 12)
    assert (second.line, second.word_count, second.letter_count) == (11, 3, 11)


@pytest.mark.parametrize(
    ("text", "score"),
    [
        # 89 + (300 × 1 − 10 × 21) / 6
        ("La tazza è sopra il tavolo.", 104.0),
        # 89 + (300 × 2 − 10 × 105) / 13
        (
            "L'amministrazione comunale ha predisposto la documentazione. "
            "Gli interessati possono presentare la richiesta telematica.",
            54.4,
        ),
    ],
)
def test_gulpease_of_known_texts(text, score):
    """The formula of Lucisano and Piemontese, kept between 0 and 100."""
    assert gulpease(split_sentences(text, 1)) == pytest.approx(min(score, 100), abs=0.1)


def test_nothing_to_read_is_easy():
    """A page of pictures must not be told that it is hard."""
    assert gulpease([]) == 100
