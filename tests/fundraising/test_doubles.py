"""Two equal gifts of one person within minutes: a person asks whether both were meant."""

import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

import fundraising
from fundraising.doctor import close_task, examine
from fundraising.people import erase_person
from tests.fundraising.test_recurring import Plan, ask, session_in, take_place


def paid(house, method="card", **changes):
    session_id = house.give(**changes)
    {"card": house.sandbox.pay_by_card, "sepa": house.sandbox.pay_by_sepa}[method](session_id)
    return session_id


def look(house, *sessions):
    for session_id in sessions:
        house.look("checkout.session", session_id)


def asked_about(house):
    return [row["subject"] for row in house.query("open_tasks", livemode=0)]


@pytest.mark.parametrize("frequency", ["once", "month"])
def test_two_equal_gifts_within_minutes_are_for_a_person_to_ask_about(house, frequency):
    first = paid(house, amount="44", frequency=frequency)
    second = paid(house, amount="44", frequency=frequency, email="Anna@Example.org")
    look(house, first, second)

    [finding] = examine(house.parts)

    assert "due doni uguali dalla stessa persona in dieci minuti" in finding
    assert "44,00\u00a0€, come" in finding
    assert "chiedile se li voleva tutti e due" in finding
    assert "anna" not in finding.lower()


def test_it_is_the_later_one_whichever_is_heard_of_first(house):
    now = house.clock()
    house.sandbox.account.clock = lambda: now
    first = paid(house)
    house.sandbox.account.clock = lambda: now + timedelta(minutes=9)
    second = paid(house)
    look(house, second, first, second)

    assert asked_about(house) == [second]


def test_what_a_person_has_answered_is_not_asked_again(house):
    first, second = paid(house), paid(house)
    look(house, first, second)
    [subject] = asked_about(house)

    assert close_task(house.parts, "twice", subject)
    look(house, first, second)

    assert examine(house.parts) == []


def test_debit_on_its_way_counts_and_a_payment_that_failed_does_not(house):
    first, refused = paid(house), paid(house, "sepa")
    house.sandbox.fail(refused)
    look(house, first, refused)
    assert asked_about(house) == []

    on_its_way = paid(house, "sepa")
    look(house, on_its_way)

    assert len(asked_about(house)) == 1


@pytest.mark.parametrize(
    "changes",
    [{"amount": "26"}, {"frequency": "month"}, {"email": "bruno@example.org"}],
)
def test_gift_that_differs_is_another_gift(house, changes):
    look(house, paid(house), paid(house, **changes))

    assert asked_about(house) == []


def test_equal_gifts_are_looked_for_among_those_of_one_person(sqlite_template):
    """It happens at every look, while nobody else can write: it must not grow with the books."""
    queries = Path(fundraising.__file__).parent / "sql" / "queries" / "gifts.sql"
    [query] = re.findall(
        r"-- name: equal_gifts\n(.*?)-- name:", queries.read_text(encoding="utf-8"), re.DOTALL
    )
    with closing(sqlite3.connect(sqlite_template)) as books:
        given = {"intent": "i", "since": "2026-01-01", "until": "2026-01-02"}
        steps = [row[3] for row in books.execute(f"explain query plan {query}", given)]

    assert any("donor_by_email" in step for step in steps)
    assert [step for step in steps if "SCAN" in step or "by_state" in step] == []


def test_gift_made_after_ten_minutes_is_another_gift(house):
    now = house.clock()
    house.sandbox.account.clock = lambda: now
    first = paid(house)
    house.sandbox.account.clock = lambda: now + timedelta(minutes=10, seconds=1)
    look(house, first, paid(house))

    assert asked_about(house) == []


def test_renewals_are_equal_on_purpose(house):
    """
    Of one plan, and of two that renew in the hour in which a third begins.
    """
    now = house.clock()
    house.sandbox.account.clock = lambda: now
    first = Plan(house)
    house.sandbox.account.clock = lambda: now + timedelta(hours=1)
    second = Plan(house)
    house.sandbox.account.clock = lambda: now + timedelta(days=31)
    for plan in (first, second, Plan(house), first):
        house.sandbox.renew(plan.id)
        plan.look()

    assert first.states() == ["paid"] * 7
    assert asked_about(house) == []


def test_amount_that_is_changed_back_is_meant(house):
    plan = Plan(house)
    link = take_place(house, plan, session_in(ask(plan, plan.link(), "40")), "40")
    house.sandbox.pay_by_card(paid_again := session_in(ask(plan, link, "25")))
    look(house, paid_again)

    assert asked_about(house) == []


def test_nobody_is_who_has_been_forgotten(house):
    """
    Two people whose addresses are gone are not one person.
    """
    sessions = [paid(house), paid(house, email="bruno@example.org")]
    for email in ("anna@example.org", "bruno@example.org"):
        erase_person(house.parts.store, email, livemode=False, now=house.clock())
    look(house, *sessions)

    assert asked_about(house) == []
