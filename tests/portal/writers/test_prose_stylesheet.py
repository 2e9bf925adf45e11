"""Of Material's stylesheet, what prose needs and nothing of its application."""

import pytest

from portal.writers.prose_stylesheet import NoProse, prose_stylesheet


def test_rules_for_prose_stay_and_the_application_goes():
    """A list of selectors keeps only those of its members that are ours."""
    sheet = (
        ".md-header{color:red}.md-typeset p,.md-nav p{margin:1em}.md-typeset .highlight{color:blue}"
    )

    assert prose_stylesheet(sheet) == ".md-typeset p{margin:1em}"


def test_a_comma_inside_a_selector_does_not_split_it():
    """`:is(a, b)` is one selector."""
    sheet = ".md-typeset :is(h1,h2){margin:0}"

    assert prose_stylesheet(sheet) == ".md-typeset :is(h1,h2){margin:0}"


def test_variables_and_conditions_around_prose_stay():
    """Without its variables prose would have no colour; without its conditions no narrow table."""
    sheet = ":root{--md-x:1px}@media screen and (max-width:44em){.md-typeset table{display:block}.md-nav{top:0}}"

    assert prose_stylesheet(sheet) == (
        ":root{--md-x:1px}@media screen and (max-width:44em){.md-typeset table{display:block}}"
    )


def test_another_stylesheet_is_not_taken_for_prose():
    """When the engine changes and its sheet with it, the build says so."""
    with pytest.raises(NoProse, match=r"no rule for \.md-typeset"):
        prose_stylesheet(".content p{margin:1em}")
