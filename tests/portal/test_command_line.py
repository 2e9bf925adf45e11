"""The command line as an editor meets it."""

import re

import pytest

from portal.cli import main

ENGLISH = re.compile(r"\b(usage|options|arguments|show this|exit|choose|required|invalid)\b")


@pytest.mark.parametrize("arguments", [["--help"], ["new", "--help"], ["check", "--help"]])
def test_help_speaks_italian(arguments, capsys):
    """From the first word to the last."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    said = capsys.readouterr().out
    assert ended.value.code == 0
    assert said.startswith("Si scrive: portal")
    assert not ENGLISH.search(said)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["new", "storia"], "manca: TITOLO"),
        (["new", "racconto", "Titolo"], "TIPO non può essere 'racconto'. Scegli fra: "),
        (["calendar", "--days", "tanti"], "--days vuole un numero intero, non 'tanti'"),
        (["newsletter", "1", "--to"], "dopo --to ci vuole un valore"),
        (["calendar", "--giorni"], "non so che cosa vuol dire: --giorni"),
    ],
)
def test_a_refusal_says_what_is_not_right_and_how_it_is_written(arguments, said, capsys):
    """In Italian, and with the line to write."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    printed = capsys.readouterr().err
    assert ended.value.code == 2
    assert printed.startswith(said)
    assert "Si scrive: portal" in printed
    assert not ENGLISH.search(printed)
