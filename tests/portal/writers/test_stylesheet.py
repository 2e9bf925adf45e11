"""The stylesheet: every file once, in the order the theme names."""

import pytest

from portal.writers.stylesheet import UnorderedStylesheets, join_stylesheets


def test_files_are_joined_in_the_given_order():
    files = {"card.css": ".pt-card { margin: 0; }\n\n", "tokens.css": ":root { --pt-space: 1rem; }"}

    joined = join_stylesheets(files, ["tokens.css", "card.css"])

    assert joined == b":root { --pt-space: 1rem; }\n\n.pt-card { margin: 0; }\n"


def test_what_is_said_to_who_reads_the_files_does_not_travel():
    """A comment on a line of its own, beside a rule, or over many lines."""
    text = "/* card.css – a card. */\n.a { top: 0; } /* no */\n\n/* two\nlines */\n.b { top: 0; }\n"

    joined = join_stylesheets({"card.css": text}, ["card.css"])

    assert joined == b".a { top: 0; }\n.b { top: 0; }\n"


def test_every_file_that_is_missing_forgotten_or_doubled_is_named():
    with pytest.raises(UnorderedStylesheets) as fault:
        join_stylesheets(
            {"a.css": "", "b.css": "", "c.css": ""}, ["a.css", "d.css", "b.css", "a.css"]
        )

    assert str(fault.value) == (
        "d.css is in the order but there is no such file; c.css is not in the order; a.css is in the order 2 times"
    )
