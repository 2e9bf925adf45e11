"""What a page leads to on others, from a story to help and to the stories nearest to it; which days are to come."""

import datetime

from portal.model.campaign import Frequency
from portal.model.progress import Progress
from portal.model.totals import Total, Totals
from tests.portal.writers.builders import a_campaign, a_need, a_site, a_story, an_event

TODAY = datetime.date(2026, 11, 22)
YESTERDAY, TOMORROW = (TODAY + datetime.timedelta(days=days) for days in (-1, 1))


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


def test_a_day_is_to_come_until_it_is_over():
    """
    Today is still to come, also the last of several; what began earlier comes first.
    """
    over = an_event("ieri", date=YESTERDAY)
    over_before = an_event("prima", date=TODAY - datetime.timedelta(days=9), until=YESTERDAY)
    begun = an_event("in-corso", date=TODAY - datetime.timedelta(days=3), until=TODAY)
    today = an_event("oggi", date=TODAY)
    to_come = an_event("domani", date=TOMORROW)
    site = a_site(events=(to_come, over_before, today, over, begun), today=TODAY)

    assert slugs(site.coming_events) == ["in-corso", "oggi", "domani"]
    assert slugs(site.past_events) == ["ieri", "prima"]


def test_the_day_after_it_is_past():
    """
    By the day of the build alone: nobody has edited anything.
    """
    events = (an_event("oggi", date=TODAY), an_event("fino-a-oggi", date=YESTERDAY, until=TODAY))

    site = a_site(events=events, today=TOMORROW)

    assert site.coming_events == ()
    assert slugs(site.past_events) == ["oggi", "fino-a-oggi"]


def test_where_no_campaign_is_chosen_the_amounts_are_those_most_of_them_propose():
    """
    In order, as many as the longest list, the smaller of two that as many propose; closed campaigns do not count.
    """
    campaigns = tuple(
        a_campaign(f"campagna-{number}", suggested_euros=amounts, open=number < 4)
        for number, amounts in enumerate(
            [(25, 50, 100), (10, 25, 50, 100), (15, 30), (10, 20, 50), (2, 3, 4, 5, 6)]
        )
    )

    assert a_site(campaigns=campaigns).open_amounts == (10, 25, 50, 100)
    assert a_site(campaigns=campaigns[2:4]).open_amounts == (10, 15, 20)
    assert a_site().open_amounts == ()


def test_where_any_campaign_may_be_chosen_a_gift_repeats_as_all_of_them_allow():
    """Else the giving would have to refuse what the page has offered."""
    monthly, yearly = (
        a_campaign(slug, frequencies=frequencies)
        for slug, frequencies in (("uno", ["once", "month"]), ("due", ["once", "year", "month"]))
    )

    assert a_site(campaigns=(monthly, yearly)).open_frequencies == (Frequency.ONCE, Frequency.MONTH)
    assert a_site(campaigns=(yearly,)).open_frequencies == tuple(Frequency)


def test_where_campaigns_have_no_frequency_in_common_all_are_offered():
    campaigns = (a_campaign("uno", frequencies=["once"]), a_campaign("due", frequencies=["month"]))

    assert a_site(campaigns=campaigns).open_frequencies == (Frequency.ONCE, Frequency.MONTH)
    assert a_site().open_frequencies == ()


def test_a_campaign_says_each_sum_of_the_books_as_what_it_is():
    """What is on its way has not come in, and what a gift costs is neither; of another campaign, none of it."""
    came = Total(gifts=3, confirmed_cents=120_50, pending_cents=25_00, costs_cents=1_89)
    totals = Totals(
        version=1,
        mode="test",
        as_of=datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC),
        currency="eur",
        campaigns={"mamme": came},
        total=came,
    )
    mamme, orto = a_campaign("mamme", goal_euros=1000), a_campaign("orto", goal_euros=None)
    site = a_site(campaigns=(mamme, orto), totals=totals)

    assert site.progress(mamme) == Progress(
        confirmed_cents=120_50,
        pending_cents=25_00,
        gifts=3,
        costs_cents=1_89,
        goal_cents=1000_00,
        as_of=totals.as_of,
        is_test=True,
    )
    assert site.progress(orto) == Progress(0, 0, 0, 0, None, totals.as_of, True)
    assert a_site(campaigns=(orto,)).progress(orto) == Progress(0, 0, 0, 0, None, None, False)
