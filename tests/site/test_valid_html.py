"""What the Nu HTML checker says of every page and of the style sheet."""


def test_the_checker_sees_a_fault_when_there_is_one(errors_of, tmp_path):
    """
    A silent checker would praise everything.
    """
    file = tmp_path / "index.html"
    file.write_text('<!doctype html><html lang="it"><title>Prova</title><img src="a.png"></html>')

    assert [line for _, line, _ in errors_of(tmp_path)] == [1]


def test_every_page_is_valid_html(errors_of, built_site):
    """
    Each of them, not one of a kind.
    """
    assert errors_of(built_site) == []


def test_the_style_sheet_is_valid(errors_of, built_site):
    """
    A misspelt property is dropped by browsers without a word.
    """
    assert errors_of(built_site / "assets" / "portal.css", kind="css") == []
