"""What one page leads to on others: from a story to help, and to the stories nearest to it."""

from tests.portal.writers.builders import a_need, a_site, a_story


def told(number: int, **fields):
    """A story of the year 2000 and *number*."""
    year = 2000 + number
    return a_story(f"{year}-01-01-storia", id=f"st-{year}-001", date=f"{year}-01-01", **fields)


def slugs(pages):
    return [page.slug for page in pages]


def test_a_story_leads_to_the_needs_its_actions_answer():
    """
    In the order of the needs, each once; an action that no need names leads to none.
    """
    lavoro = a_need("lavoro", actions=("job-community", "formazione"))
    spese = a_need("spese", actions=("indebitamento",))
    site = a_site(needs=(lavoro, spese, a_need("insieme")))

    both = told(1, actions=("indebitamento", "formazione", "job-community"))
    neither = told(2, actions=("comunicazione",))

    assert site.needs_of_story(both) == (lavoro, spese)
    assert site.needs_of_story(neither) == ()
    assert site.needs_of_story(told(3)) == ()


def test_an_action_that_answers_a_need_ties_stories_as_much_as_a_room():
    """
    Who reads of debts is led to debts, before newer stories of the same organisation or of inner work.
    """
    story = told(
        1,
        actions=("indebitamento", "comunicazione"),
        places=("opcafe-rho",),
        members=("aser",),
        towns=("rho",),
    )
    debts = told(2, actions=("indebitamento",))
    same_room = told(3, places=("opcafe-rho",))
    same_town = told(4, towns=("rho",))
    same_member = told(5, members=("aser",))
    same_inner_work = told(6, actions=("comunicazione",))
    site = a_site(
        needs=(a_need(actions=("indebitamento",)),),
        stories=(same_inner_work, same_member, same_town, same_room, debts, story),
    )

    nearest = site.related_stories(story, most=5)

    assert slugs(nearest) == slugs((same_room, debts, same_inner_work, same_member, same_town))
