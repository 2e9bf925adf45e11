"""The command line as an editor meets it."""

import re
import shutil

import pytest

from portal.cli import main
from tests.portal.desk import ROOT, Desk

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
        (
            ["calendar", "--days", "3000000"],
            "--days: ci vuole un numero fra 0 e 36500, non '3000000'",
        ),
        (["serve", "--port", "99999"], "--port: ci vuole un numero fra 1 e 65535, non '99999'"),
        (["serve", "--port", "-1"], "--port: ci vuole un numero fra 1 e 65535, non '-1'"),
        (["serve", "--port", "porta"], "--port vuole un numero intero, non 'porta'"),
        (["new", "storia", " "], "TITOLO: ci vuole qualche parola, fra virgolette, e qui c'è ' '"),
        (["social", "--to", __file__], f"--to: ci vuole una cartella, e {__file__!r} è un file"),
        (["posters", "--to", __file__], f"--to: ci vuole una cartella, e {__file__!r} è un file"),
        (
            ["newsletter", "1", "--to", __file__],
            f"--to: ci vuole una cartella, e {__file__!r} è un file",
        ),
        (
            ["stats", "access.log", "--to", __file__],
            f"--to: ci vuole una cartella, e {__file__!r} è un file",
        ),
        (
            ["import", "blogger", "blog.xml", "--to", __file__],
            f"--to: ci vuole una cartella, e {__file__!r} è un file",
        ),
        (
            ["serve", "--state", __file__],
            f"--state: ci vuole una cartella, e {__file__!r} è un file",
        ),
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


def test_totals_that_are_not_where_they_were_said_to_be_are_missed(tmp_path, capsys):
    """Without them the site would say that nobody has given anything."""
    for file in (tmp_path / "totals.json", tmp_path):
        assert main(["build", "--out", str(tmp_path / "site"), "--totals", str(file)]) == 1
        assert f"{file}: qui non c'è il file dei totali" in capsys.readouterr().err

    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_refuses_is_said_in_a_line(tmp_path, capsys):
    """Here a file where a folder would have to be made."""
    (tmp_path / "file").write_bytes(b"")

    assert main(["build", "--out", str(tmp_path / "file" / "below" / "site")]) == 1

    said = capsys.readouterr().err
    assert said == (
        f"{tmp_path / 'file'}: è un file, e qui ci vuole una cartella. Scegli un altro nome.\n"
    )


@pytest.mark.parametrize("epoch", ["abc", "9" * 30, "-99999999999999"])
@pytest.mark.parametrize("command", ["calendar", "check", "build", "serve"])
def test_a_day_that_is_none_is_said_in_a_line(tmp_path, capsys, monkeypatch, command, epoch):
    """It is set once, in a script, and found much later."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    where = {"build": ["--out", str(tmp_path / "site")], "serve": ["--state", str(tmp_path)]}

    assert main([command, *where.get(command, [])]) == 1

    said = capsys.readouterr().err
    assert said.startswith(f"SOURCE_DATE_EPOCH: «{epoch}» non è un giorno. ")
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("mkdocs.yml", "site_name: [Orto\n", "mkdocs.yml non va bene: "),
        ("theme/shell.html", "{% if %}\n", "riga 1: il modello non si legge: "),
        (
            "theme/shell.html",
            "{% include 'nessuno.html' %}\n",
            "Un modello di theme/ non va bene: ",
        ),
    ],
)
def test_a_slip_in_settings_or_theme_is_said_in_a_line(tmp_path, file, text, said):
    """Whoever made it wants to know where, and not what our code was doing."""
    desk = Desk(tmp_path / "checkout", ROOT / "tests/example_content")
    (desk.folder / "theme").unlink()
    shutil.copytree(ROOT / "theme", desk.folder / "theme")
    (desk.folder / file).write_text(text)

    printed = desk.portal("build", may_end=(1,))

    assert said in printed
    assert "Traceback" not in printed
