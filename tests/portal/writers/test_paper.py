"""Pages on paper: letters as large as fit, and addresses that can be copied."""

from portal.writers.paper import letters_on_paper, with_breaks


def test_a_short_text_has_large_letters_and_a_long_one_small():
    """
    On one sheet an old person reads what is short without glasses; what is long at least fits.
    """
    paragraph = f"<p>{'Una riga di quarantacinque lettere, più o meno. ' * 4}</p>"

    assert [letters_on_paper(paragraph * count) for count in (1, 10, 20)] == [
        "large", "medium", "small",
    ]  # fmt: skip


def test_cards_take_room_too():
    """
    The same text needs smaller letters beside a row of four, and smaller ones still beside two.
    """
    paragraph = f"<p>{'Una riga di quarantacinque lettere, più o meno. ' * 4}</p>"

    assert [letters_on_paper(paragraph * 6, cards) for cards in (0, 4, 5)] == [
        "large", "medium", "small",
    ]  # fmt: skip


def test_lines_that_are_short_count_as_lines():
    """
    A text that is easy to read has a sentence a line: its letters alone do not tell how long it is.
    """
    assert letters_on_paper("<p>" + "Chiedi.<br />" * 90 + "</p>") == "small"


def test_the_address_of_a_link_is_not_printed_and_not_counted():
    """
    Only what is read takes room.
    """
    link = f'<a href="https://www.esempio.it/{"molto-lungo/" * 500}">qui</a>'

    assert letters_on_paper(f"<p>{link}</p>") == "large"


def test_an_address_breaks_after_its_slashes():
    """
    In the middle of a word nobody knows whether a line's end belongs to it. The scheme need not be typed.
    """
    steps = with_breaks("https://www.esempio.it/bisogni/spese-e-debiti/").split("<wbr>")

    assert [step[step.index(">") + 1 : step.index("</")] for step in steps] == [
        "www.esempio.it/", "bisogni/", "spese-e-debiti/",
    ]  # fmt: skip


def test_whom_to_call_takes_room_too():
    paragraph = "<p>" + "Chi ha paura in casa può chiamare, di giorno e di notte. " * 8 + "</p>"

    assert letters_on_paper(paragraph * 5, calls=0) == "medium"
    assert letters_on_paper(paragraph * 5, calls=3) == "small"
