"""An opportunity leaves the boards by itself the day after its last."""

import datetime

import pytest

from tests.portal.writers.builders import a_site, an_action, an_opportunity


@pytest.mark.parametrize(
    ("today", "slugs"), [("2026-12-31", ["aiuto-panettiere"]), ("2027-01-01", [])]
)
def test_the_last_day_still_counts(today, slugs):
    """It expires on 31 December: on that day one can still apply."""
    opportunity = an_opportunity("aiuto-panettiere", expires="2026-12-31")
    site = a_site(opportunities=(opportunity,), today=datetime.date.fromisoformat(today))

    assert [one.slug for one in site.board_at("opportunita/").opportunities] == slugs


def test_courses_have_a_board_of_their_own():
    """Who looks for work and who wants to learn do not read each other's list."""
    job = an_opportunity("panettiere", id="op-2026-001", kind="lavoro")
    course = an_opportunity("inglese", id="op-2026-002", kind="corso")
    site = a_site(opportunities=(job, course))

    assert site.board_at("opportunita/").opportunities == (job,)
    assert site.board_at("corsi/").opportunities == (course,)


def test_the_first_to_expire_comes_first():
    """There is least time for it."""
    later = an_opportunity("dopo", id="op-2026-001", expires="2026-12-20")
    sooner = an_opportunity("prima", id="op-2026-002", expires="2026-12-01")
    site = a_site(opportunities=(later, sooner))

    assert site.board_at("opportunita/").opportunities == (sooner, later)


def test_two_actions_show_a_board():
    """Job Community the jobs, Formazione the courses; the others none."""
    site = a_site()

    assert site.board_of(an_action(area="lavoro")).url == "opportunita/"
    assert site.board_of(an_action(area="formazione")).url == "corsi/"
    assert site.board_of(an_action(area="casa")) is None


def test_an_expired_one_keeps_its_page():
    """Whoever has the link finds it, and reads that it is over."""
    over = an_opportunity("vecchia", expires="2026-11-21")
    site = a_site(opportunities=(over,))

    assert over.is_expired(site.today)
    assert over in site.every_page()
    assert site.board_at("opportunita/").opportunities == ()
