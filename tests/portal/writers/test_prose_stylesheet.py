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


def test_conditions_around_prose_stay():
    """Without them there would be no narrow table."""
    sheet = "@media screen and (max-width:44em){.md-typeset table{display:block}.md-nav{top:0}}"

    assert prose_stylesheet(sheet) == (
        "@media screen and (max-width:44em){.md-typeset table{display:block}}"
    )


def test_variables_stay_that_somebody_reads():
    """Prose itself, our own sheet, or another variable: most of them are pictures of an application's buttons."""
    sheet = (
        ":root{--md-x:1px;--md-y:var(--md-z);--md-z:2px;--md-icon:url(data:x)}:root,[data-dark]{--md-ours:3px;--md-x:4px}"
        ".md-typeset p{margin:var(--md-x) var(--md-y)}"
    )

    assert prose_stylesheet(sheet, ".pt-card{gap:var(--md-ours)}") == (
        ":root{--md-x:4px;--md-y:var(--md-z);--md-z:2px;--md-ours:3px}"
        ".md-typeset p{margin:var(--md-x) var(--md-y)}"
    )


def test_what_no_extension_of_ours_makes_goes():
    """Tabs, keys and lists to tick off are half of the sheet."""
    sheet = ".md-typeset .tabbed-set{margin:0}.md-typeset .task-list-item{top:0}.md-typeset p{margin:1em}"

    assert prose_stylesheet(sheet) == ".md-typeset p{margin:1em}"


def test_another_stylesheet_is_not_taken_for_prose():
    """When the engine changes and its sheet with it, the build says so."""
    with pytest.raises(NoProse, match=r"no rule for \.md-typeset"):
        prose_stylesheet(".content p{margin:1em}")
